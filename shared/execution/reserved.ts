/** Keys that stand for stored values and unfinished templates inside a run; data from outside may not pose as them. */
const RESERVED = /^\$(blob|deferred)$/;

/** Where such a key stands in what a run is to start with, as keys from the outermost on; undefined: nowhere. */
export function reservedKeyIn(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (RESERVED.test(key)) return [key];
    const inner = reservedKeyIn(item);
    if (inner) return [key, ...inner];
  }
  return undefined;
}
