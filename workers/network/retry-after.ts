/** Longest time that a server may ask to wait for, in milliseconds. */
const LONGEST_WAIT = 3_600_000;

/** Milliseconds that the server asks to wait for: it says seconds, or a date. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT);
}
