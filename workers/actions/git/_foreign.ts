import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { unsafeKey } from './_config-keys.ts';
import { failures } from './_failures.ts';
import { type Caller, git } from './_git.ts';

/** Bytes of the list of all files that is read to find submodules. */
const LARGEST_LIST = 256_000_000;

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

/** Throws if objects come from repositories outside the workspace: they would show what is in those. */
export function checkObjects(root: string, objects: string, given: string): void {
  if (!isWithin(root, real(objects))) throw failures.outside(given, 'its objects');
  const list = join(objects, 'info', 'alternates');
  if (!existsSync(list)) return;
  for (const line of readFileSync(list, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    // A quoted path is taken as it stands, and so is outside.
    if (!isWithin(root, real(resolve(objects, line)))) throw failures.outside(given, 'borrowed objects');
  }
}

/** The variables that `git config --list -z` shows. */
export const keysOf = (list: string): string[] =>
  list
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('\n', 1)[0] ?? '');

/**
 * Checks a repository that git itself starts a process in: one at the other end of a transfer, or a submodule. The
 * overrides do not reach that process.
 * @param gitFolder absolute
 * @throws Terminal `git.unsafe_config`, `git.outside_workspace`
 */
export async function checkForeign(caller: Caller, gitFolder: string, what: string): Promise<void> {
  const { root } = caller.workspace;
  if (!isWithin(root, real(gitFolder))) throw failures.outside(what, 'its .git folder');
  checkObjects(root, join(gitFolder, 'objects'), what);
  for (const name of ['config', 'config.worktree']) {
    const file = join(gitFolder, name);
    if (!existsSync(file)) continue;
    const { stdout } = await git(caller, root, ['config', '--list', '-z', '--file', file]);
    const key = unsafeKey(keysOf(stdout), true);
    if (key !== undefined) throw failures.unsafeConfig(key, JSON.stringify(what));
  }
}

/** What `.git` in a folder stands for; `undefined` if there is none. */
function gitFolderIn(folder: string): string | undefined {
  const place = join(folder, '.git');
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found || found.isDirectory()) return found && place;
  const target = /^gitdir: (.+?)\s*$/.exec(readFileSync(place, 'utf8'))?.[1];
  return target && resolve(folder, target);
}

/**
 * Checks the repositories that are part of another, and those in them: git looks into them for changes.
 * @param top absolute
 * @throws as {@link checkForeign}
 */
export async function checkSubmodules(caller: Caller, top: string): Promise<void> {
  const { stdout, truncated } = await git(caller, top, ['ls-files', '-z', '--format=%(objectmode) %(path)'], {
    keep: LARGEST_LIST,
  });
  if (truncated) throw failures.tooLarge(LARGEST_LIST);
  for (const entry of new Set(stdout.split('\0').filter((line) => line.startsWith('160000 ')))) {
    const folder = join(top, entry.slice(7));
    const gitFolder = gitFolderIn(folder);
    if (gitFolder === undefined) continue;
    const { workspace } = caller;
    if (!isWithin(workspace.root, real(folder))) throw failures.outside(entry.slice(7), 'this part');
    await checkForeign(caller, gitFolder, workspace.relative(folder));
    await checkSubmodules(caller, folder);
  }
}
