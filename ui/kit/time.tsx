import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** `3 min. ago`, `in 2 hr.`; `now` is in milliseconds. */
export function relative(instant: string, now: number): string {
  const distance = Date.parse(instant) - now;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['second', 1_000];
  return words.format(Math.trunc(distance / size), unit);
}

/** `850 ms`, `2.4 s`, `3 min 5 s`, `2 h 4 min` of milliseconds. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 2_880) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1_440)} d`;
}

/** The time now in milliseconds, again every so many; for what counts up on the page. */
export function useNow(every: number, isTicking = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every, isTicking]);
  return now;
}

const REFRESH = 10_000;

/** An instant in words, with the exact one in the reader's zone on hover. */
export function Ago({ at }: { at: string }) {
  useNow(REFRESH);
  return (
    <Tooltip label={new Date(at).toLocaleString()}>
      <time dateTime={at} className="numbers">
        {/* By the clock, not by the last tick: what has just happened would be ahead of that. */}
        {relative(at, Date.now())}
      </time>
    </Tooltip>
  );
}
