/**
 * A time as the store keeps and returns it: ISO-8601, UTC, milliseconds. One spelling only, because SQLite compares
 * times as text.
 * @throws RangeError where the text is no time
 */
export const toIso = (time: string): string => new Date(time).toISOString();

/** As `toIso`, with null and undefined as null. */
export const toIsoOrNull = (time: string | null | undefined): string | null =>
  time === null || time === undefined ? null : toIso(time);
