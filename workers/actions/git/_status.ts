import type { Repository } from './_repository.ts';

export interface Change {
  /** Relative to the top of the repository. */
  path: string;
  status: string;
  /** The name before, of a renamed or copied file. */
  from?: string;
}

export interface Conflict {
  path: string;
  reason: string;
}

export interface Status {
  branch: string | null;
  commit: string | null;
  upstream: string | null;
  ahead: number;
  behind: number;
  staged: Change[];
  unstaged: Change[];
  untracked: string[];
  conflicts: Conflict[];
}

/** What the letters of git mean. */
export const CHANGES: Readonly<Record<string, string>> = {
  A: 'added',
  C: 'copied',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type changed',
};

const REASONS: Readonly<Record<string, string>> = {
  AA: 'both added',
  AU: 'added by us',
  DD: 'both deleted',
  DU: 'deleted by us',
  UA: 'added by them',
  UD: 'deleted by them',
  UU: 'both modified',
};

/** The rest of a text after so many words. */
const after = (text: string, words: number): string => text.split(' ').slice(words).join(' ');

function takeHeader(status: Status, line: string): void {
  const [, name, first = '', second = ''] = line.split(' ');
  if (name === 'branch.oid') status.commit = first === '(initial)' ? null : first;
  if (name === 'branch.head') status.branch = first === '(detached)' ? null : after(line, 2);
  if (name === 'branch.upstream') status.upstream = after(line, 2);
  if (name === 'branch.ab') {
    status.ahead = Number(first);
    status.behind = -Number(second);
  }
}

function takeChange(status: Status, letters: string, path: string, from?: string): void {
  const [index = '.', tree = '.'] = letters;
  const change = (letter: string): Change => ({
    path,
    status: CHANGES[letter] ?? letter,
    ...(from !== undefined && 'RC'.includes(letter) && { from }),
  });
  if (index !== '.') status.staged.push(change(index));
  if (tree !== '.') status.unstaged.push(change(tree));
}

/** Reads what `git status --porcelain=v2 --branch -z` says. */
export function parseStatus(text: string): Status {
  const status: Status = {
    branch: null,
    commit: null,
    upstream: null,
    ahead: 0,
    behind: 0,
    staged: [],
    unstaged: [],
    untracked: [],
    conflicts: [],
  };
  const entries = text.split('\0');
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] ?? '';
    const letters = entry.slice(2, 4);
    if (entry.startsWith('# ')) takeHeader(status, entry);
    else if (entry.startsWith('1 ')) takeChange(status, letters, after(entry, 8));
    else if (entry.startsWith('2 ')) takeChange(status, letters, after(entry, 9), entries[++at]);
    else if (entry.startsWith('u '))
      status.conflicts.push({ path: after(entry, 10), reason: REASONS[letters] ?? letters });
    else if (entry.startsWith('? ')) status.untracked.push(entry.slice(2));
  }
  return status;
}

/** The state of a working tree; `only` limits it to some paths. */
export async function readStatus(repository: Repository, only: string[] = []): Promise<Status> {
  const flags = ['--porcelain=v2', '--branch', '-z', '--untracked-files=all', '--ignore-submodules=all'];
  const { stdout } = await repository.git(['status', ...flags, '--', ...only], {
    variables: { GIT_OPTIONAL_LOCKS: '0' },
  });
  return parseStatus(stdout);
}
