import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { Terminal } from '../../action.ts';
import type { Workspace } from '../../workspace.ts';
import type { Meter } from './_limits.ts';
import { Names, unsafe } from './_names.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } = constants;

export const badArchive = (why: string, cause?: unknown): Terminal =>
  new Terminal('file.bad_archive', `The archive cannot be read: ${why}.`, {
    fix: 'Check that it is a zip, tar or tar.gz that arrived whole, and is not encrypted.',
    cause,
  });

const KINDS = new Map<number, string>([
  [S_IFIFO, 'pipe'],
  [S_IFCHR, 'device'],
  [S_IFBLK, 'device'],
  [S_IFDIR, 'folder'],
  [S_IFREG, 'file'],
  [S_IFLNK, 'symbolic link'],
  [S_IFSOCK, 'socket'],
]);

/** What the mode of a file says that it is; undefined where it says nothing. */
export const typeFromMode = (mode: number): string | undefined => KINDS.get(mode & S_IFMT);

/** What is in an archive. */
export interface Packed {
  name: string;
  /** `file`, `folder`, or what else it says that it is. */
  type: string;
  isExecutable: boolean;
  content(): Promise<AsyncIterable<Buffer>>;
}

/** Puts members of an archive into a folder of the workspace that holds nothing else. */
export class Unpacking {
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly #names = new Names();
  readonly #written: string[] = [];
  readonly #workspace: Workspace;
  readonly #folder: string;
  readonly #progress: (progress: { entries: number; bytes: number }) => void;

  /** `folder`: relative to the workspace. */
  constructor(
    folder: string,
    facts: {
      workspace: Workspace;
      meter: Meter;
      signal: AbortSignal;
      progress(progress: { entries: number; bytes: number }): void;
    },
  ) {
    this.#folder = folder;
    this.#workspace = facts.workspace;
    this.#progress = facts.progress;
    this.meter = facts.meter;
    this.signal = facts.signal;
  }

  /** @throws Terminal `file.unsafe_archive`, `file.archive_too_large`, `file.protected` */
  async add({ name: given, type, isExecutable, content }: Packed): Promise<void> {
    this.signal.throwIfAborted();
    this.meter.addEntry();
    if (type !== 'file' && type !== 'folder')
      throw unsafe(
        `"${given.slice(0, 200)}" in the archive is a ${type}; only files and folders are unpacked.`,
      );
    const name = this.#names.take(given, type);
    if (name === '') return;
    const path = `${this.#folder}/${name}`;
    if (type === 'folder') await this.#makeFolder(path);
    else await this.#writeFile(path, isExecutable, await content());
    this.#written.push(path);
    this.#progress({ entries: this.meter.entries, bytes: this.meter.bytes });
  }

  /** Throws `file.protected` where what was unpacked has become a git repository, whose hooks are run. */
  checkAll(): void {
    for (const path of this.#written) this.#workspace.resolve(path, 'write');
  }

  #makeFolder(path: string): Promise<unknown> {
    return this.#workspace.at(path, 'write', ({ handle }) => mkdir(handle, { recursive: true }), {
      createFolders: true,
    });
  }

  #writeFile(path: string, isExecutable: boolean, content: AsyncIterable<Buffer>): Promise<void> {
    return this.#workspace.at(
      path,
      'write',
      async ({ handle }) => {
        const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
        const file = await open(handle, flags, isExecutable ? 0o777 : 0o666);
        try {
          await this.#fill(file, content);
        } finally {
          await file.close();
        }
      },
      { createFolders: true },
    );
  }

  async #fill(file: FileHandle, content: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of content) {
      this.signal.throwIfAborted();
      this.meter.addBytes(chunk.length);
      await file.writeFile(chunk);
      this.#progress({ entries: this.meter.entries, bytes: this.meter.bytes });
    }
  }
}
