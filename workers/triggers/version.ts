import type { BigIntStats } from 'node:fs';

/**
 * What tells one version of a file from another: size, time of change in nanoseconds and inode. A file put in
 * another's place has another inode even where size and time are the same.
 */
export const versionOf = ({ size, mtimeNs, ino }: BigIntStats): string => `${size}.${mtimeNs}.${ino}`;

/** Size in bytes and time of change that a version tells. */
export function factsOf(version: string): { size: number; modified: string } {
  const [size, nanoseconds] = version.split('.');
  const milliseconds = BigInt(nanoseconds ?? 0) / 1_000_000n;
  return { size: Number(size), modified: new Date(Number(milliseconds)).toISOString() };
}
