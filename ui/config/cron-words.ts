import { Cron } from 'croner';
import cronstrue from 'cronstrue';

/** A cron expression in words; undefined where it is none. */
export function cronWords(cron: string): string | undefined {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
  } catch {
    return undefined;
  }
}

/** The next instants at which a cron expression fires, ISO 8601 in UTC; none where it or the zone is wrong. */
export function nextRuns(cron: string, timezone: string, count: number, from = new Date()): string[] {
  try {
    const runs = new Cron(cron, { timezone, paused: true }).nextRuns(count, from);
    return runs.map((run) => run.toISOString());
  } catch {
    return [];
  }
}

/** An instant in words, in a time zone: `Mon 30 Mar, 09:00`. */
export function runText(instant: string, timezone: string): string {
  const form: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: timezone,
  };
  return new Intl.DateTimeFormat('en-GB', form).format(new Date(instant));
}
