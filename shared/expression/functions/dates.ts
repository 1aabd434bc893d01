import type { Arguments } from '../arguments.ts';
import { define } from './library.ts';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/;
const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** The furthest instant that dates reach, in milliseconds on either side of 1970. */
const MAX_TIME = 8.64e15;

/** Functions of dates. All in UTC; an instant is ISO text or milliseconds since 1970. */
export const dates = define([
  {
    name: 'parseDate',
    doc: 'ISO text as milliseconds since 1970. Text without an offset is UTC.',
    args: 'date',
    examples: [
      ["parseDate('2026-03-01')", 1_772_323_200_000],
      ["parseDate('2026-03-01T02:00:00+02:00')", 1_772_323_200_000],
    ],
    call: (args) => instant(args),
  },
  {
    name: 'formatDate',
    doc: 'An instant in UTC, in a pattern of YYYY MM DD HH mm ss SSS. Without a pattern, as ISO text.',
    args: 'date, pattern?',
    examples: [
      ["formatDate('2026-03-01T12:05:09Z', 'YYYY-MM-DD HH:mm:ss')", '2026-03-01 12:05:09'],
      ['formatDate(0)', '1970-01-01T00:00:00.000Z'],
    ],
    call: formatDate,
  },
  {
    name: 'addDuration',
    doc: 'An instant moved by a duration (500ms 30s 5m 2h 7d 1w, also negative or in milliseconds), as ISO text.',
    args: 'date, duration',
    examples: [
      ["addDuration('2026-03-01T00:00:00Z', '2h')", '2026-03-01T02:00:00.000Z'],
      ["addDuration('2026-03-01', '-1d')", '2026-02-28T00:00:00.000Z'],
    ],
    call: (args) => new Date(within(instant(args) + duration(args), args)).toISOString(),
  },
]);

function within(time: number, args: Arguments): number {
  return Math.abs(time) <= MAX_TIME ? Math.trunc(time) : args.run.failType('the date is out of range');
}

function instant(args: Arguments): number {
  const value = args.value(0);
  if (typeof value === 'number') return within(value, args) + 0;
  const text = args.text(0);
  const match = text.length <= 40 ? ISO.exec(text.trim()) : null;
  const shown = text.slice(0, 40);
  if (!match)
    return args.run.failType(`"${shown}" is not an ISO date`, 'Write it like 2026-03-01T12:00:00Z.');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3)));
  const isReal =
    date.getUTCDate() === day && date.getUTCMonth() === month - 1 && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return args.run.failType(`"${shown}" is not a real date`);
  return date.getTime() - offsetOf(match[8]);
}

/** A time zone offset such as +02:00, in milliseconds. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

function duration(args: Arguments): number {
  const value = args.value(1);
  if (typeof value === 'number') return value;
  const text = args.text(1);
  const match = text.length <= 40 ? /^([+-]?\d{1,15}(?:\.\d{1,9})?)\s?(ms|[smhdw])$/.exec(text.trim()) : null;
  if (!match)
    return args.run.failType(`"${text.slice(0, 40)}" is not a duration`, 'Write it like 30s, 5m, 2h or 7d.');
  return Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
}

function formatDate(args: Arguments): string {
  const iso = new Date(instant(args)).toISOString();
  const pattern = args.text(1, '');
  if (pattern === '') return iso;
  args.run.claimText(pattern.length * 2);
  const [date = '', time = ''] = iso.split('T');
  const day = date.slice(-6);
  const parts: Record<string, string> = {
    YYYY: date.slice(0, -6),
    MM: day.slice(1, 3),
    DD: day.slice(4),
    HH: time.slice(0, 2),
    mm: time.slice(3, 5),
    ss: time.slice(6, 8),
    SSS: time.slice(9, 12),
  };
  return pattern.replace(/YYYY|MM|DD|HH|mm|ss|SSS/g, (name) => parts[name] ?? name);
}
