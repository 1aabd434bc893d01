import { messageOf } from '#shared/errors.ts';
import { Retryable, Terminal } from '../action.ts';

/** Errors of the file system that trying again does not mend, with what to do about them. */
const FILE_ERRORS: Record<string, [code: string, says: string, fix: string]> = {
  ENOENT: [
    'file.not_found',
    'There is no such file or folder',
    'Check the path; it is relative to the workspace.',
  ],
  EISDIR: ['file.is_folder', 'This is a folder, not a file', 'Name a file.'],
  ENOTDIR: ['file.not_a_folder', 'A part of this path is a file, not a folder', 'Check the path.'],
  EACCES: [
    'file.no_permission',
    'The runner may not access this',
    'Change its permissions, or the user the runner runs as.',
  ],
  EPERM: [
    'file.no_permission',
    'The runner may not do this',
    'Change its permissions, or the user the runner runs as.',
  ],
  EEXIST: ['file.exists', 'This exists already', 'Remove it first, or allow it to be overwritten.'],
  ENOTEMPTY: ['file.not_empty', 'This folder is not empty', 'Delete with recursive: true.'],
  ELOOP: ['file.outside_workspace', 'This path is a symbolic link', 'Use the path it points to.'],
  ENAMETOOLONG: ['file.bad_path', 'This path is too long', 'Shorten it.'],
};

/** An error that no action foresaw, as one the host can report: known system errors end the step, others are retried. */
export function failureOf(thrown: unknown): Terminal | Retryable {
  const system = thrown as NodeJS.ErrnoException;
  const known = typeof system?.code === 'string' ? FILE_ERRORS[system.code] : undefined;
  if (known)
    return new Terminal(known[0], `${known[1]}: ${system.path ?? messageOf(thrown)}.`, {
      fix: known[2],
      cause: thrown,
    });
  return new Retryable('action.failed', messageOf(thrown), { cause: thrown });
}
