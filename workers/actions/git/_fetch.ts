import { openRemote } from './_remote.ts';
import type { Repository } from './_repository.ts';

export interface FetchRequest {
  remote: string;
  branch?: string | undefined;
  prune?: boolean;
  tags?: boolean;
  depth?: number | undefined;
  token?: string | undefined;
  username: string;
}

/** Fetches from a remote, after checking where it leads. */
export async function fetchFrom(repository: Repository, request: FetchRequest): Promise<void> {
  const { remote, branch, prune = false, tags = false, depth, token, username } = request;
  const options = await openRemote(repository, remote, 'fetch', { token, username });
  await repository.git(
    [
      'fetch',
      '--no-recurse-submodules',
      '--no-auto-maintenance',
      '--no-progress',
      ...(prune ? ['--prune'] : []),
      ...(tags ? ['--tags'] : []),
      ...(depth === undefined ? [] : [`--depth=${depth}`]),
      remote,
      ...(branch === undefined ? [] : [`refs/heads/${branch}`]),
    ],
    options,
  );
}
