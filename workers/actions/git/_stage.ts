import { checkSubmodules } from './_foreign.ts';
import { pathspecs, type Repository, withoutPrivate } from './_repository.ts';

/** Stages all changes, except in the runner's own folders. */
export async function stageAll(repository: Repository): Promise<void> {
  await repository.git(['add', '--all', '--', ':(top)', ...withoutPrivate(repository)]);
  // A repository below may be a part of this one only now.
  await checkSubmodules(repository.caller, repository.top);
}

/** Stages the paths named, new, changed and deleted ones; gives them as git takes them. */
export async function stageFiles(repository: Repository, files: readonly string[]): Promise<string[]> {
  const only = [...pathspecs(repository, files), ...withoutPrivate(repository)];
  await repository.git(['add', '--all', '--', ...only]);
  await checkSubmodules(repository.caller, repository.top);
  return only;
}
