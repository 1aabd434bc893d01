import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Retryable } from '../../action.ts';
import type { Place } from '../../workspace.ts';
import { openFileSync } from './_files.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = constants;

/** How long an append waits for others to finish theirs, in milliseconds. */
const PATIENCE = 10_000;

/** How long an append is remembered: longer than any step is retried. In milliseconds. */
const REMEMBERED = 30 * 86_400_000;

/** What an append came to. */
export interface Appended {
  /** Bytes of the whole file afterwards. */
  size: number;
  created: boolean;
}

interface Intent {
  id: string;
  offset: number;
  length: number;
  sha: string;
  inode: string;
  created: number;
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const SCHEMA = `
  create table if not exists intents (target text primary key, id text not null, offset integer not null,
    length integer not null, sha text not null, inode text not null, created integer not null) strict;
  create table if not exists applied (id text primary key, created integer not null, at integer not null) strict;
  create index if not exists applied_at on applied (at);
`;

/** Which appends were begun and which are done. Each write is on disk before the next thing happens. */
class Journal {
  readonly #database: Database.Database;

  constructor(path: string) {
    this.#database = new Database(path, { timeout: PATIENCE });
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = FULL');
    this.#database.exec(SCHEMA);
  }

  applied(id: string): { created: number } | undefined {
    return this.#database
      .prepare<[string], { created: number }>('select created from applied where id = ?')
      .get(id);
  }

  intent(target: string): Intent | undefined {
    return this.#database.prepare<[string], Intent>('select * from intents where target = ?').get(target);
  }

  begin(target: string, { id, offset, length, sha, inode, created }: Intent): void {
    this.#database
      .prepare(
        'insert or replace into intents (target, id, offset, length, sha, inode, created) values (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(target, id, offset, length, sha, inode, created);
  }

  drop(target: string): void {
    this.#database.prepare('delete from intents where target = ?').run(target);
  }

  finish(target: string, { id, created }: Intent): void {
    const now = Date.now();
    this.#database.transaction(() => {
      this.#database
        .prepare('insert or ignore into applied (id, created, at) values (?, ?, ?)')
        .run(id, created, now);
      this.drop(target);
      this.#database.prepare('delete from applied where at < ?').run(now - REMEMBERED);
    })();
  }

  close(): void {
    this.#database.close();
  }
}

/** Runs `work` while no other process appends. The kernel lets go of the lock when its holder dies. */
function locked<T>(home: string, work: () => T): T {
  const lock = new Database(join(home, 'appends-lock.db'), { timeout: PATIENCE });
  try {
    lock.exec('begin immediate');
    return work();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY'))
      throw new Retryable('file.busy', `Other steps kept appending for ${PATIENCE / 1000} s.`, {
        cause: thrown,
      });
    throw thrown;
  } finally {
    lock.close();
  }
}

function readRange(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

const inodeOf = (fd: number): string => {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
};

/**
 * Settles an append that a kill cut short: it counts if all of it is in the file, and is taken back if a part is.
 * What others wrote behind it since, or a file put in the place of the old one, is left alone.
 */
function recover(journal: Journal, fd: number, target: string): void {
  const intent = journal.intent(target);
  if (!intent) return;
  const { offset, length, sha, inode } = intent;
  const isSameFile = inodeOf(fd) === inode;
  if (isSameFile && sha256(readRange(fd, offset, length)) === sha) {
    fsyncSync(fd);
    journal.finish(target, intent);
    return;
  }
  const { size } = fstatSync(fd);
  if (isSameFile && size > offset && size <= offset + length) {
    ftruncateSync(fd, offset);
    fsyncSync(fd);
  }
  journal.drop(target);
}

/** Opens the file to append to, making it where it is missing. */
function openTarget(place: Place): { fd: number; isNew: boolean } {
  try {
    return { fd: openFileSync(place, O_RDWR | O_APPEND | O_CREAT | O_EXCL), isNew: true };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  return { fd: openFileSync(place, O_RDWR | O_APPEND), isNew: false };
}

function syncName(place: Place): void {
  const folder = openSync(place.folder, O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function write(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  fsyncSync(fd);
}

function appendTo(
  place: Place,
  fd: number,
  isNew: boolean,
  journal: Journal,
  key: string,
  bytes: Uint8Array,
): Appended {
  recover(journal, fd, place.real);
  const sha = sha256(bytes);
  const id = sha256(`${key}\0${place.real}\0${sha}`);
  const before = journal.applied(id);
  if (before) return { size: fstatSync(fd).size, created: before.created === 1 };
  const { size: offset } = fstatSync(fd);
  const intent: Intent = {
    id,
    offset,
    length: bytes.length,
    sha,
    inode: inodeOf(fd),
    created: Number(isNew || offset === 0),
  };
  if (isNew) syncName(place);
  journal.begin(place.real, intent);
  write(fd, bytes);
  journal.finish(place.real, intent);
  return { size: offset + bytes.length, created: intent.created === 1 };
}

/**
 * Appends exactly once for each key, target and content, however often it is tried, wherever it is killed, and
 * however many processes append at the same time. Synchronous: nothing of this process comes in between.
 */
export function appendOnce(place: Place, home: string, key: string, bytes: Uint8Array): Appended {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return locked(home, () => {
    const journal = new Journal(join(home, 'appends.db'));
    try {
      const { fd, isNew } = openTarget(place);
      try {
        return appendTo(place, fd, isNew, journal, key, bytes);
      } finally {
        closeSync(fd);
      }
    } finally {
      journal.close();
    }
  });
}
