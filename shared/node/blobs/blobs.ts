import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors.ts';

/** Bytes kept under the hash of their content: the same content is kept once and never changes. */
export interface Blobs {
  /** Keeps the bytes durably; resolves to their ref, `sha256-<64 hex digits>`. */
  put(bytes: Uint8Array): Promise<string>;
  /**
   * The bytes, checked against their ref.
   * @throws AppError `blob.bad_ref`, `blob.missing`, `blob.corrupt`
   */
  get(ref: string): Promise<Uint8Array>;
}

export const refOf = (bytes: Uint8Array): string =>
  `sha256-${createHash('sha256').update(bytes).digest('hex')}`;

/** The ref's hex digits. Refs come from outside and become paths, so nothing else may pass. */
export function digitsOf(ref: string): string {
  const digits = /^sha256-([0-9a-f]{64})$/.exec(ref)?.[1];
  if (digits !== undefined) return digits;
  throw new AppError('blob.bad_ref', `"${ref.slice(0, 80)}" is not the reference of a blob.`, {
    fix: 'A reference is sha256- followed by 64 hexadecimal digits, as it came from the store.',
  });
}

export const missing = (ref: string, place: string): AppError =>
  new AppError('blob.missing', `The blob ${ref} is not in ${place}.`, {
    fix: 'Check that api and workers use the same data directory or database, and that it was restored as a whole.',
  });

/** The bytes, if they are those the ref stands for. */
export function verified(ref: string, bytes: Uint8Array, place: string): Uint8Array {
  if (refOf(bytes) === ref) return bytes;
  throw new AppError(
    'blob.corrupt',
    `The blob ${ref} in ${place} no longer has the content it was stored with.`,
    {
      fix: 'Restore it from a backup, or run the step that made it again.',
    },
  );
}
