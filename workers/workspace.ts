import { closeSync, constants, lstatSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { isProtected, refuse } from './workspace-rules.ts';

export type Access = 'read' | 'write';

/** A name in a folder that is held open: nobody can put another folder in its place meanwhile. */
export interface Place {
  /** For system calls of this process, as long as the place is held; follows no link but through the last name. */
  handle: string;
  /** The folder the name is in, likewise. */
  folder: string;
  /** The absolute real path. */
  real: string;
  /** Relative to the workspace, with `/`: for outputs and messages. */
  path: string;
  /** Whether its file may have another name (hard link), which may lie outside. */
  mayBeLinked: boolean;
}

export interface WorkspaceOptions {
  /** Whether files with more than one name (hard links) are opened. Default `refuse`. */
  hardLinks?: 'refuse' | 'allow';
}

export interface PlaceOptions {
  /** Makes the folders that are missing. Default false. */
  createFolders?: boolean;
  /** Whether a symbolic link at the end of the path is followed. Default true; `false` means the link itself. */
  follow?: boolean;
}

/** The folder that file, git and shell actions are confined to. */
export interface Workspace {
  /** Its absolute real path. */
  readonly root: string;
  /**
   * The absolute real path that `path` (relative to the root, or absolute inside it) stands for. Of a path to
   * write, the last parts need not exist.
   * @throws Terminal `file.bad_path`, `file.outside_workspace`, `file.protected`
   */
  resolve(path: string, access: Access): string;
  /** A real path inside the workspace, relative to it and with `/`; the root is `.`. */
  relative(real: string): string;
  /**
   * Runs `work` with the place held open: what was checked is what is used, even if links are swapped meanwhile.
   * @throws what `resolve` throws; system errors name the path as it was given
   */
  at<T>(
    path: string,
    access: Access,
    work: (place: Place) => T | Promise<T>,
    options?: PlaceOptions,
  ): Promise<T>;
  /** As `at`, for work that must not be interleaved with other work of this process. */
  atSync<T>(path: string, access: Access, work: (place: Place) => T, options?: PlaceOptions): T;
  /** Whether no action may even read at this real path. */
  isPrivate(real: string): boolean;
  /** Whether one of the runner's own folders lies in this one. */
  holdsPrivate(real: string): boolean;
}

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

const codeOf = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException | undefined)?.code;

const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The real path of what exists of a path, and the rest as it is. */
function realAsFarAsThere(path: string, given: string): string {
  try {
    return realpathSync(path);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT' || dirname(path) === path) throw thrown;
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw refuse.deadLink(given);
  return join(realAsFarAsThere(dirname(path), given), basename(path));
}

/** Names the path as the caller knows it in a system error, instead of a descriptor. */
function named(thrown: unknown, path: string): unknown {
  // Not by class: errors of the system have one of their own under Jest.
  if (codeOf(thrown) !== undefined && 'syscall' in (thrown as Error))
    Object.assign(thrown as Error, { path });
  return thrown;
}

/** Whether a folder's descriptor can be used as a path prefix, which is what `openat` is elsewhere. */
const HAS_DESCRIPTOR_PATHS = process.platform === 'linux';

/** Opens one folder of an already real path; a link in its place was put there after the check. */
function openStep(path: string, given: string): number {
  try {
    return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (thrown) {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    throw isLink ? refuse.swapped(given) : thrown;
  }
}

function makeStep(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  }
}

/** Walks from the root to a folder, holding each on the way, so that no link can come in between. */
function openFolder(
  root: string,
  folder: string,
  given: string,
  create: boolean,
): { fd: number; prefix: string } {
  if (!HAS_DESCRIPTOR_PATHS) return openFolderByPath(folder, given, create);
  let fd = openSync(root, O_RDONLY | O_DIRECTORY);
  try {
    for (const name of relative(root, folder).split(sep).filter(Boolean)) {
      const path = `/proc/self/fd/${fd}/${name}`;
      if (create) makeStep(path);
      const next = openStep(path, given);
      closeSync(fd);
      fd = next;
    }
    return { fd, prefix: `/proc/self/fd/${fd}` };
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
}

function openFolderByPath(folder: string, given: string, create: boolean): { fd: number; prefix: string } {
  if (create) mkdirSync(folder, { recursive: true });
  const fd = openStep(folder, given);
  if (realpathSync(folder) === folder) return { fd, prefix: folder };
  closeSync(fd);
  throw refuse.swapped(given);
}

/** A path's absolute form by its text alone, refused where the text leads out of the root. */
function lexical(root: string, given: string, path: string): string {
  if (path === '') throw refuse.badPath(path, 'is empty');
  if (path.includes('\0')) throw refuse.badPath(path, 'holds a NUL character');
  if (path.includes('\\')) throw refuse.badPath(path, 'holds a backslash; folders are separated by /');
  if (isAbsolute(path) && isWithin(given, resolve(path))) return join(root, relative(given, resolve(path)));
  const absolute = resolve(root, path);
  if (!isWithin(root, absolute)) throw refuse.outside(path);
  return absolute;
}

class OpenWorkspace implements Workspace {
  readonly root: string;
  readonly #given: string;
  readonly #privateFolders: string[];
  readonly #mayBeLinked: boolean;

  constructor(given: string, privateFolders: string[], { hardLinks }: WorkspaceOptions) {
    this.#mayBeLinked = hardLinks === 'allow';
    this.root = realpathSync(given);
    this.#given = resolve(given);
    this.#privateFolders = privateFolders.map((folder) => realAsFarAsThere(resolve(folder), folder));
  }

  resolve(path: string, access: Access): string {
    return this.#resolve(path, access, true);
  }

  relative(real: string): string {
    return relative(this.root, real).split(sep).join('/') || '.';
  }

  isPrivate(real: string): boolean {
    return (
      this.#privateFolders.some((folder) => isWithin(folder, real)) || isProtected(this.root, real, 'read')
    );
  }

  holdsPrivate(real: string): boolean {
    return this.#privateFolders.some((folder) => isWithin(real, folder));
  }

  async at<T>(
    path: string,
    access: Access,
    work: (place: Place) => T | Promise<T>,
    options: PlaceOptions = {},
  ): Promise<T> {
    const { place, fd } = this.#hold(path, access, options);
    try {
      return await work(place);
    } catch (thrown) {
      throw named(thrown, path);
    } finally {
      closeSync(fd);
    }
  }

  atSync<T>(path: string, access: Access, work: (place: Place) => T, options: PlaceOptions = {}): T {
    const { place, fd } = this.#hold(path, access, options);
    try {
      return work(place);
    } catch (thrown) {
      throw named(thrown, path);
    } finally {
      closeSync(fd);
    }
  }

  #resolve(path: string, access: Access, follow: boolean): string {
    const absolute = lexical(this.root, this.#given, path);
    try {
      const isRoot = absolute === this.root;
      const real =
        follow || isRoot
          ? realAsFarAsThere(absolute, path)
          : join(realAsFarAsThere(dirname(absolute), path), basename(absolute));
      if (!isWithin(this.root, real)) throw refuse.outside(path);
      if (this.isPrivate(real) || isProtected(this.root, real, access)) throw refuse.protected(path);
      return real;
    } catch (thrown) {
      throw named(thrown, path);
    }
  }

  #hold(
    path: string,
    access: Access,
    { createFolders = false, follow = true }: PlaceOptions,
  ): { place: Place; fd: number } {
    const real = this.#resolve(path, access, follow);
    const isRoot = real === this.root;
    try {
      const { fd, prefix } = openFolder(this.root, isRoot ? real : dirname(real), path, createFolders);
      const handle = isRoot ? `${prefix}/.` : `${prefix}/${basename(real)}`;
      const place = {
        handle,
        folder: prefix,
        real,
        path: this.relative(real),
        mayBeLinked: this.#mayBeLinked,
      };
      return { place, fd };
    } catch (thrown) {
      throw named(thrown, path);
    }
  }
}

/**
 * The workspace at `root`; no action reaches into `privateFolders` (the runner's data directory), wherever they are.
 * @throws AppError `workspace.missing`
 */
export function openWorkspace(
  root: string,
  privateFolders: string[] = [],
  options: WorkspaceOptions = {},
): Workspace {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory())
    return new OpenWorkspace(root, privateFolders, options);
  throw new AppError('workspace.missing', `The workspace ${root} is not a folder.`, {
    fix: 'Create the folder, or set ACAS_WORKSPACE to one that exists.',
  });
}
