/** A time of day. */
interface Time {
  hour: number;
  minute: number;
}

/** When a cron expression fires, as people choose it; days of the week count from 0, Sunday. */
export type Plan =
  | { every: 'minutes'; step: number }
  | { every: 'hours'; step: number; minute: number }
  | ({ every: 'day' } & Time)
  | ({ every: 'week'; days: number[] } & Time)
  | ({ every: 'month'; day: number } & Time)
  | { every: 'custom'; cron: string };

/** Monday first, as most calendars have it. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

/** The cron expression of a plan. */
export function writeCron(plan: Plan): string {
  switch (plan.every) {
    case 'minutes':
      return plan.step === 1 ? '* * * * *' : `*/${plan.step} * * * *`;
    case 'hours':
      return plan.step === 1 ? `${plan.minute} * * * *` : `${plan.minute} */${plan.step} * * *`;
    case 'day':
      return `${plan.minute} ${plan.hour} * * *`;
    case 'week':
      return `${plan.minute} ${plan.hour} * * ${[...plan.days].sort().join(',') || '1'}`;
    case 'month':
      return `${plan.minute} ${plan.hour} ${plan.day} * *`;
    case 'custom':
      return plan.cron;
  }
}

const numberIn = (text: string, least: number, most: number): number | undefined => {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
};

/** The step of `*` or of `*` with `/n` after it. */
function stepOf(text: string, most: number): number | undefined {
  if (text === '*') return 1;
  return text.startsWith('*/') ? numberIn(text.slice(2), 2, most) : undefined;
}

/** The days of a list such as `1-5` or `0,6`; a Sunday may be written as 7. */
function daysOf(text: string): number[] | undefined {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const from = numberIn(first, 0, 7);
    const to = numberIn(last, 0, 7);
    if (from === undefined || to === undefined || to < from || more.length > 0) return undefined;
    for (let day = from; day <= to; day++) days.add(day % 7);
  }
  return [...days].sort();
}

function atTime(hour: number, minute: number, day: string, weekday: string): Plan | undefined {
  if (day === '*' && weekday === '*') return { every: 'day', hour, minute };
  if (day === '*') {
    const days = daysOf(weekday);
    return days && { every: 'week', days, hour, minute };
  }
  const date = numberIn(day, 1, 31);
  return date !== undefined && weekday === '*' ? { every: 'month', day: date, hour, minute } : undefined;
}

/** The plan of a cron expression; `custom` where it says more than can be chosen. */
export function readCron(cron: string): Plan {
  const fields = cron.trim().split(/\s+/);
  const [minutes = '', hours = '', day = '', month = '', weekday = ''] = fields;
  const custom: Plan = { every: 'custom', cron };
  if (fields.length !== 5 || month !== '*') return custom;
  const isEveryDay = day === '*' && weekday === '*';
  const minute = numberIn(minutes, 0, 59);
  if (minute === undefined) {
    const step = stepOf(minutes, 59);
    return step !== undefined && isEveryDay && hours === '*' ? { every: 'minutes', step } : custom;
  }
  const step = stepOf(hours, 23);
  if (step !== undefined) return isEveryDay ? { every: 'hours', step, minute } : custom;
  const hour = numberIn(hours, 0, 23);
  return (hour === undefined ? undefined : atTime(hour, minute, day, weekday)) ?? custom;
}

/** The plan of another kind that is most like this one: the time of day stays. */
export function planOf(every: Plan['every'], before: Plan): Plan {
  const hour = 'hour' in before ? before.hour : 9;
  const minute = 'minute' in before ? before.minute : 0;
  switch (every) {
    case 'minutes':
      return { every, step: 15 };
    case 'hours':
      return { every, step: 1, minute };
    case 'day':
      return { every, hour, minute };
    case 'week':
      return { every, days: [1, 2, 3, 4, 5], hour, minute };
    case 'month':
      return { every, day: 1, hour, minute };
    case 'custom':
      return { every, cron: writeCron(before) };
  }
}
