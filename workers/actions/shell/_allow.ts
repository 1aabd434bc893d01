import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type Settings, Terminal } from '../../action.ts';
import type { Workspace } from '../../workspace.ts';

export interface Lookup {
  workspace: Workspace;
  /** Absolute path of the folder that the program will run in; relative paths are read from there. */
  cwd: string;
  /** The PATH that names are looked up on. */
  path: string | undefined;
}

const missing = (command: string): Terminal =>
  new Terminal('shell.not_found', `There is no program ${JSON.stringify(command)}.`, {
    fix: 'Check its name and that it is on the PATH of the worker. Arguments go into args; for a shell, use shell.script.',
  });

const notAllowed = (command: string): Terminal =>
  new Terminal('shell.not_allowed', `The program ${JSON.stringify(command)} may not be run.`, {
    fix: 'Add it to ACAS_SHELL_ALLOW and restart the runner; a program given by a path must be listed by that path.',
  });

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (thrown) {
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP'].includes(String((thrown as NodeJS.ErrnoException).code)))
      return false;
    throw thrown;
  }
}

const isInside = ({ root }: Workspace, path: string): boolean => {
  const real = realpathSync(path);
  return real === root || real.startsWith(`${root}/`);
};

/**
 * The absolute path of a program on the PATH. Its relative and empty entries are passed over: what they mean depends
 * on where one stands. With `outside`, so is what lies in the workspace, where any step can put a program of that name.
 */
export function findProgram(name: string, { path = '', workspace }: Lookup, outside: boolean): string {
  for (const folder of path.split(':').filter(isAbsolute)) {
    const candidate = join(folder, name);
    if (isProgram(candidate) && !(outside && isInside(workspace, candidate))) return candidate;
  }
  throw missing(name);
}

/**
 * The program that a command stands for, as an absolute path, if it may be run: a name is looked up on the PATH, a
 * path must be listed as one, a relative one from the workspace.
 * @throws Terminal `shell.off`, `shell.not_allowed`, `shell.not_found`
 */
export function allowedProgram(command: string, allow: Settings['shell']['allow'], lookup: Lookup): string {
  if (allow.length === 0)
    throw new Terminal('shell.off', 'This runner may not run programs.', {
      fix: 'Set ACAS_SHELL_ALLOW to the programs that steps may run, such as git,npm, or to * for all, and restart it.',
    });
  const any = allow.includes('*');
  if (!command.includes('/')) {
    if (!any && !allow.includes(command)) throw notAllowed(command);
    return findProgram(command, lookup, !any);
  }
  const path = resolve(lookup.cwd, command);
  const listed = allow
    .filter((entry) => entry.includes('/'))
    .map((entry) => resolve(lookup.workspace.root, entry));
  if (any || listed.includes(path)) return path;
  throw notAllowed(command);
}
