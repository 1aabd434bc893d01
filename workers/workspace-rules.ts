import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Terminal } from './action.ts';
import type { Access } from './workspace.ts';

/** Folders whose content other programs run or trust; compared without case, as some file systems do. */
const TRUSTED_FOLDERS = new Set(['.git', '.husky', '.githooks', '.ssh', '.gnupg']);

/** Folders that hold nothing but keys. */
const SECRET_FOLDERS = new Set(['.ssh', '.gnupg']);

/** Files that a shell runs when it starts. */
const SHELL_FILES =
  /^\.(bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|cshrc|tcshrc|login|inputrc|envrc)$/;

/** Where the system shows its own insides as files. */
const SYSTEM_FOLDERS = ['/proc', '/sys', '/dev'];

/** Windows and macOS take `.GIT`, `.git.` and `.git ` for `.git`. */
const plainName = (name: string): string => name.toLowerCase().replace(/[. ]+$/, '');

/** A bare repository has its hooks and settings without a `.git` around them. */
const isRepository = (folder: string): boolean =>
  ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name)));

function isInRepository(root: string, real: string): boolean {
  for (let path = real; path !== root && path.startsWith(root); path = dirname(path)) {
    if (isRepository(dirname(path))) return true;
  }
  return false;
}

/** Whether a real path inside the root is off limits. */
export function isProtected(root: string, real: string, access: Access): boolean {
  if (SYSTEM_FOLDERS.some((folder) => real === folder || real.startsWith(`${folder}/`))) return true;
  const names = relative(root, real).split(sep).map(plainName);
  if (names.some((name) => SECRET_FOLDERS.has(name))) return true;
  if (access === 'read') return false;
  return (
    names.some((name) => TRUSTED_FOLDERS.has(name)) ||
    SHELL_FILES.test(names.at(-1) ?? '') ||
    isInRepository(root, real)
  );
}

const shown = (path: string): string => JSON.stringify(path.slice(0, 200));

const outside = (path: string, why: string): Terminal =>
  new Terminal('file.outside_workspace', `The path ${shown(path)} ${why}.`, {
    fix: 'Use a path inside the workspace. ACAS_WORKSPACE sets which folder that is.',
  });

/** Why a path is refused. */
export const refuse = {
  badPath: (path: string, why: string) =>
    new Terminal('file.bad_path', `The path ${shown(path)} ${why}.`, {
      fix: 'Write the path relative to the workspace, with / between folders.',
    }),
  outside: (path: string) => outside(path, 'leads out of the workspace'),
  deadLink: (path: string) => outside(path, 'goes through a symbolic link that leads nowhere'),
  swapped: (path: string) => outside(path, 'became a symbolic link while it was used'),
  protected: (path: string) =>
    new Terminal('file.protected', `The path ${shown(path)} belongs to the runner, to git or to a shell.`, {
      fix: 'Use another path; for repositories use the git actions.',
    }),
  hardLink: (path: string) =>
    new Terminal('file.hard_link', `${shown(path)} has a second name, which may be outside the workspace.`, {
      fix: 'Put a copy in its place. Where the links in the workspace are harmless, as those of a package manager, set ACAS_HARD_LINKS=allow.',
    }),
  notAFile: (path: string) =>
    new Terminal('file.not_a_file', `${shown(path)} is a device, a pipe or a socket.`, {
      fix: 'Name a regular file.',
    }),
};
