import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../errors.ts';
import { syncToDisk } from '../atomic-file.ts';

/** Where the key is when the configuration does not say it. */
export interface KeyPlace {
  /** The data directory. */
  home: string;
  /** In base64. */
  key?: string | undefined;
}

const BYTES = 32;

const fileOf = (home: string): string => join(home, 'secrets.key');

function readFile(path: string): Buffer | undefined {
  let text: string;
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new AppError('secret.open_key', `Others than its owner may read the key file ${path}.`, {
        fix: `Run: chmod 600 ${path}`,
      });
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
  const key = Buffer.from(text, 'base64');
  if (key.length === BYTES) return key;
  throw new AppError('secret.bad_key', `The key file ${path} does not hold a key.`, {
    fix: 'Put back the file as it was, from a backup; a new key cannot open what the old one encrypted.',
  });
}

/**
 * The key for secrets, from the configuration or the key file; `undefined` where there is none yet.
 * @throws AppError `secret.open_key`, `secret.bad_key`
 */
export const readKey = ({ home, key }: KeyPlace): Buffer | undefined =>
  key === undefined ? readFile(fileOf(home)) : Buffer.from(key, 'base64');

/** The key for secrets; the key file is made where there is no key yet. Errors: as {@link readKey}. */
export function ensureKey(place: KeyPlace): Buffer {
  const known = readKey(place);
  if (known) return known;
  const path = fileOf(place.home);
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, randomBytes(BYTES).toString('base64'), { mode: 0o600 });
  syncToDisk(temporary);
  try {
    // A link, for it fails where another process has made the file meanwhile.
    linkSync(temporary, path);
    syncToDisk(dirname(path));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFile(path) as Buffer;
}
