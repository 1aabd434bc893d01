import { AppError } from './errors.ts';
import type { Json } from './json.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** The longest duration there is: 10 years, in milliseconds. */
export const LONGEST = 3_650 * 86_400_000;

/** Milliseconds of `500ms`, `30s`, `5m`, `2h`, `7d` or a number of milliseconds; `undefined` for anything else. */
export function durationOf(value: Json): number | undefined {
  const match = typeof value === 'string' ? FORM.exec(value.trim()) : null;
  const amount = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN) : value;
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0 || amount > LONGEST)
    return undefined;
  return Math.round(amount);
}

/** As {@link durationOf}; throws `duration.invalid` where the value is none. */
export function parseDuration(value: Json): number {
  const duration = durationOf(value);
  if (duration !== undefined) return duration;
  throw new AppError('duration.invalid', `${JSON.stringify(value)} is not a duration.`, {
    fix: 'Write milliseconds, or a number with a unit: 500ms, 30s, 5m, 2h, 7d; at most 3650d.',
  });
}

/** The shortest exact text of a duration: 90000 → `90s`. */
export function formatDuration(milliseconds: number): string {
  const unit = Object.entries(UNITS)
    .reverse()
    .find(([, size]) => milliseconds >= size && milliseconds % size === 0);
  return unit ? `${milliseconds / unit[1]}${unit[0]}` : `${milliseconds}ms`;
}
