import type { Json } from '#shared/json.ts';
import { Retryable, Terminal } from '../../action.ts';

/** Characters of git's messages that an error shows. */
const SHOWN = 2_000;

interface Said {
  exitCode: number;
  stdout: string;
  stderr: string;
}

type Make = new (code: string, message: string, facts: { fix: string; details: Json }) => Error;

interface Rule {
  pattern: RegExp;
  code: string;
  message: (found: RegExpExecArray) => string;
  fix: string;
  make?: Make;
}

const quote = (text: string | undefined): string => JSON.stringify(text?.trim().slice(0, 200) ?? '');

/** What git's messages mean, most particular first. It speaks English whatever the system's language: see LC_ALL. */
const RULES: readonly Rule[] = [
  {
    pattern:
      /Unable to create '.*\.lock': File exists|cannot lock ref|another git process seems to be running/i,
    code: 'git.locked',
    message: () => 'Another git process is using the repository.',
    fix: 'Wait until it is done. If none is running, remove the lock file that its error output in the details names.',
    make: Retryable,
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|Permission denied \(|terminal prompts disabled|The requested URL returned error: 40[13]|Host key verification failed/i,
    code: 'git.authentication',
    message: () => 'The remote did not accept the credentials, or there are none.',
    fix: 'Give a token for https, from a secret. For ssh, the worker needs a key without passphrase and the host in known_hosts.',
  },
  {
    pattern: /transport '(.*?)' not allowed/,
    code: 'git.bad_remote',
    message: ([, protocol]) => `The remote would be reached by ${quote(protocol)}, which is not allowed.`,
    fix: 'Use a remote with https:// or ssh.',
  },
  {
    pattern: /unable to update url base from redirection|requested URL returned error: 30\d/i,
    code: 'git.bad_remote',
    message: () => 'The remote leads on to another address, which is not followed.',
    fix: 'Use the address it leads to.',
  },
  {
    pattern: /src refspec (\S+) does not match any/,
    code: 'git.unknown_revision',
    message: ([, ref]) => `There is no ${quote(ref)} here to push.`,
    fix: 'Check the name of the branch or tag.',
  },
  {
    pattern: /\[(remote )?rejected\]|failed to push some refs|stale info|Updates were rejected|\[rejected\]/i,
    code: 'git.rejected',
    message: () => 'The remote or the local branch does not take the update.',
    fix: 'Get the other commits first with git.pull, or use force where it is meant; the details say why.',
  },
  {
    pattern: /couldn't find remote ref (.*)/i,
    code: 'git.unknown_revision',
    message: ([, ref]) => `The remote has no ${quote(ref)}.`,
    fix: 'Check the name of the branch or tag.',
  },
  {
    pattern: /Remote branch (.*) not found/,
    code: 'git.unknown_revision',
    message: ([, ref]) => `The remote has no branch ${quote(ref)}.`,
    fix: 'Check the name of the branch or tag.',
  },
  {
    pattern:
      /repository '.*' not found|does not appear to be a git repository|requested URL returned error: 404/i,
    code: 'git.unknown_remote',
    message: () => 'There is no repository at the remote address, or it does not show it without a token.',
    fix: 'Check the address, and give a token if it is private.',
  },
  {
    pattern:
      /Could not resolve host|unable to access|Could not read from remote|Connection (refused|reset|timed out|closed)|early EOF|hung up unexpectedly|unexpected disconnect|RPC failed|returned error: (5\d\d|429)/i,
    code: 'git.network',
    message: () => 'The remote could not be reached, or the connection broke.',
    fix: 'Check the address, and that the worker reaches the network.',
    make: Retryable,
  },
  {
    pattern: /pathspec '(?::\(.*?\))?(.*?)' did not match any file/,
    code: 'git.unknown_path',
    message: ([, path]) => `Git knows no file ${quote(path)}.`,
    fix: 'Check the path; it is relative to cwd.',
  },
  {
    pattern: /The following paths are ignored by one of your .gitignore files:\n(.*)/,
    code: 'git.ignored_path',
    message: ([, path]) => `${quote(path)} is ignored by .gitignore.`,
    fix: 'Leave it out, or change .gitignore.',
  },
  {
    pattern:
      /would be overwritten by (checkout|merge)|commit your changes or stash|contains modified or untracked files|local changes/i,
    code: 'git.uncommitted_changes',
    message: () => 'Changes that are not committed would be lost.',
    fix: 'Commit them first; the details name the files.',
  },
  {
    pattern: /Not possible to fast-forward|Diverging branches can't be fast-forwarded/i,
    code: 'git.not_fast_forward',
    message: () => 'The branches have gone different ways, so that a fast-forward is not possible.',
    fix: 'Allow a merge commit with fastForward: allow.',
  },
  {
    pattern:
      /have not concluded your merge|MERGE_HEAD exists|Merging is not possible|unmerged (files|paths)|partial commit during|resolve your current index/i,
    code: 'git.unfinished_merge',
    message: () => 'A merge was begun here and is not finished.',
    fix: 'Solve its conflicts and commit with addAll, or abort it.',
  },
  {
    pattern:
      /a (branch|tag|worktree) named '?.*'? already exists|tag '.*' already exists|already (exists|checked out|used by worktree)/i,
    code: 'git.exists',
    message: () => 'There is one of that name or at that place already.',
    fix: 'Use another name or place, or remove the old one first; the details say which.',
  },
  {
    pattern:
      /Needed a single revision|unknown revision|bad revision|not a valid (object|branch|ref)|ambiguous argument '.*'|invalid reference|not something we can merge|did not match any file\(s\) known|Not a valid object name|unrelated histories|branch '.*' not found|tag '.*' not found|Failed to resolve/i,
    code: 'git.unknown_revision',
    message: () =>
      'The revision, branch or tag does not exist here, or has nothing in common with this branch.',
    fix: 'Check its name; fetch it first if it is on the remote.',
  },
];

/** Errors of the git actions that several of them have. */
export const failures = {
  /** What an unsuccessful call means. Git's messages are in the details; they hold no credentials, as URLs with some are refused. */
  of(command: string, said: Said): Error {
    const text = `${said.stderr}\n${said.stdout}`;
    const details = {
      exitCode: said.exitCode,
      stderr: (said.stderr.trim() || said.stdout.trim()).slice(0, SHOWN),
    };
    for (const { pattern, code, message, fix, make = Terminal } of RULES) {
      const found = pattern.exec(text);
      if (found) return new make(code, message(found), { fix, details });
    }
    const reason = /^(?:fatal|error): (.*)/m.exec(text)?.[1] ?? `exit code ${said.exitCode}`;
    return new Terminal('git.failed', `git ${command} failed: ${reason.slice(0, 300)}.`, {
      fix: 'Read its messages in the details.',
      details,
    });
  },
  notInstalled: () =>
    new Terminal('git.not_installed', 'There is no git on the PATH of the worker.', {
      fix: 'Install git 2.38 or later on the worker.',
    }),
  tooLarge: (limit: number) =>
    new Terminal('git.too_large', `The output of git is larger than ${limit} bytes.`, {
      fix: 'Ask for less: fewer commits, or particular paths.',
    }),
  notARepository: (path: string, stderr = '') =>
    new Terminal('git.not_a_repository', `${quote(path)} is in no git repository.`, {
      fix: 'Let cwd name a folder of a repository inside the workspace.',
      ...(stderr !== '' && { details: { stderr: stderr.slice(0, SHOWN) } }),
    }),
  outside: (path: string, what: string) =>
    new Terminal(
      'git.outside_workspace',
      `The repository of ${quote(path)} has ${what} outside the workspace.`,
      {
        fix: 'Work in a repository that lies inside the workspace as a whole. ACAS_WORKSPACE sets which folder that is.',
      },
    ),
  unsafeConfig: (key: string, where: string) =>
    new Terminal(
      'git.unsafe_config',
      `The configuration of ${where} sets ${quote(key)}, which may run programs or is not known to be harmless.`,
      { fix: `Remove it with: git config --local --unset-all ${key}`, details: { key } },
    ),
  badRemote: (why: string, fix = 'Use a remote with https:// or ssh.') =>
    new Terminal('git.bad_remote', `The remote is refused: ${why}.`, { fix }),
  unfinishedMerge: (paths: string[]) =>
    new Terminal('git.unfinished_merge', 'A merge was begun here and is not finished.', {
      fix: 'Solve its conflicts and commit with addAll, or abort it.',
      details: { paths },
    }),
  unknownRemote: (name: string, known: string[]) =>
    new Terminal('git.unknown_remote', `The repository has no remote ${quote(name)}.`, {
      fix: known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none; add one with git remote add.',
    }),
};
