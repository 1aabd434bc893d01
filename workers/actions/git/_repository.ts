import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Terminal } from '../../action.ts';
import { unsafeKey } from './_config-keys.ts';
import { failures } from './_failures.ts';
import { checkObjects, checkSubmodules, keysOf } from './_foreign.ts';
import { type Caller, type CallOptions, callGit, type Ended, git } from './_git.ts';

/** A repository that was found safe to work in. */
export interface Repository {
  caller: Caller;
  /** Absolute real path of the folder that paths are relative to. */
  cwd: string;
  /** Absolute real path of its top level. */
  top: string;
  /** Absolute real path of what `.git` stands for; its own for each worktree. */
  gitFolder: string;
  /** Runs git in `cwd`; throws unless it succeeds. */
  git(args: string[], options?: CallOptions): Promise<Ended>;
  /** Runs git in `cwd`; the caller judges how it ended. */
  call(args: string[], options?: CallOptions): Promise<Ended>;
}

const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    // Git makes some folders only when it needs them.
    return resolve(path);
  }
};

/** Throws unless a repository lies above a folder, not above the workspace. */
function checkNearby(root: string, cwd: string, given: string): void {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) {
      if (isWithin(root, folder)) return;
      throw failures.outside(given, 'its top level');
    }
    if (folder === dirname(folder)) throw failures.notARepository(given);
  }
}

async function checkConfig(caller: Caller, cwd: string, given: string): Promise<void> {
  const { stdout } = await git(caller, cwd, ['config', '--list', '--local', '--includes', '-z']);
  const worktree = await callGit(caller, cwd, ['config', '--list', '--worktree', '--includes', '-z']);
  const key = unsafeKey(keysOf(stdout + worktree.stdout), false);
  if (key !== undefined) throw failures.unsafeConfig(key, `the repository of ${JSON.stringify(given)}`);
}

/** A folder of the workspace that git may work in. */
export function folderOf(caller: Caller, given: string): string {
  const folder = caller.workspace.resolve(given, 'write');
  if (statSync(folder).isDirectory()) return folder;
  throw new Terminal('file.not_a_folder', `"${given}" is a file, not a folder.`, {
    fix: 'Let cwd name a folder.',
  });
}

/**
 * Finds the repository that a folder of the workspace belongs to, and makes sure that working in it neither leaves the
 * workspace nor runs a program that its configuration names.
 * @throws Terminal `git.not_a_repository`, `git.outside_workspace`, `git.unsafe_config`, `file.*`
 */
export async function openRepository(caller: Caller, given: string): Promise<Repository> {
  const { root } = caller.workspace;
  const cwd = folderOf(caller, given);
  checkNearby(root, cwd, given);
  const places = ['--show-toplevel', '--git-dir', '--git-common-dir', '--git-path', 'objects'];
  const found = await callGit(caller, cwd, ['rev-parse', '--path-format=absolute', ...places]);
  if (found.exitCode !== 0) throw failures.notARepository(given, found.stderr);
  const [top = '', gitFolder = '', common = '', objects = ''] = found.stdout.trimEnd().split('\n').map(real);
  if (!isWithin(root, top) || !isWithin(top, cwd)) throw failures.outside(given, 'its top level');
  if (!isWithin(root, gitFolder) || !isWithin(root, common)) throw failures.outside(given, 'its .git folder');
  checkObjects(root, objects, given);
  await checkConfig(caller, cwd, given);
  await checkSubmodules(caller, top);
  return {
    caller,
    cwd,
    top,
    gitFolder,
    git: (args, options) => git(caller, cwd, args, options),
    call: (args, options) => callGit(caller, cwd, args, options),
  };
}

/** Pathspecs that leave the runner's own folders out, where they lie in the repository. */
export function withoutPrivate({ caller, top }: Repository): string[] {
  const home = real(caller.home);
  return isWithin(top, home) && home !== top ? [`:(top,literal,exclude)${slashed(relative(top, home))}`] : [];
}

const slashed = (path: string): string => path.split(sep).join('/');

/**
 * Paths as git is to take them: exactly those, whatever characters they hold.
 * @throws Terminal `file.*`, `git.outside_workspace` for paths outside the repository
 */
export function pathspecs({ caller, cwd, top }: Repository, paths: readonly string[]): string[] {
  return paths.map((path) => {
    if (path.includes('\0')) caller.workspace.resolve(path, 'read');
    const absolute = isAbsolute(path) ? path : join(cwd, path);
    // A link is added as a link, wherever it leads; only the folder it is in has to be inside.
    const isTop = resolve(absolute) === top;
    const folder = isTop ? top : caller.workspace.resolve(dirname(absolute), 'read');
    const place = isTop ? top : join(folder, absolute.split('/').filter(Boolean).at(-1) ?? '');
    if (!isWithin(top, place)) throw failures.outside(path, 'this path');
    if (caller.workspace.isPrivate(place)) caller.workspace.resolve(path, 'read');
    return `:(top,literal)${slashed(relative(top, place))}`;
  });
}

/**
 * Throws if a revision holds files where the runner keeps its own: git would write over them.
 * @throws Terminal `file.protected`
 */
export async function checkTree(repository: Repository, revision: string): Promise<void> {
  const home = real(repository.caller.home);
  if (!isWithin(repository.top, home)) return;
  const path = slashed(relative(repository.top, home));
  const { stdout } = await repository.git(['ls-tree', '--full-tree', revision, '--', path]);
  if (stdout === '') return;
  throw new Terminal(
    'file.protected',
    `${JSON.stringify(revision)} holds files in ${path}, which is the runner's.`,
    {
      fix: 'Remove them from that branch, or move the data directory with ACAS_HOME.',
    },
  );
}

/** The hash of a commit. */
export async function commitOf(repository: Repository, revision: string): Promise<string> {
  const { stdout } = await repository.git([
    'rev-parse',
    '--verify',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  return stdout.trim();
}

/** The branch that is checked out; null when none is. */
export async function currentBranch(repository: Repository): Promise<string | null> {
  const { stdout, exitCode } = await repository.call(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return exitCode === 0 ? stdout.trim() : null;
}
