import { Minimatch } from 'minimatch';
import { AppError } from '#shared/errors.ts';
import type { FileChangeConfig } from '#shared/triggers/file-change.ts';

/** Which files a trigger is about. Paths are relative to the workspace, with `/`. */
export interface Selection {
  matches(path: string): boolean;
  /** Whether a folder may hold matching files, so that the others need not be looked into. */
  mayHold(folder: string): boolean;
}

/** Left out unless the glob names it: tens of thousands of files that nobody means by a glob such as `**`. */
const DEPENDENCIES = 'node_modules';

function relativeGlob(glob: string): string {
  const parts = glob
    .replace(/\/+$/, '')
    .split('/')
    .filter((part) => part !== '.');
  if (glob.startsWith('/') || /^[A-Za-z]:/.test(glob) || parts.includes('..'))
    throw new AppError('trigger.outside_workspace', `The glob "${glob}" leads out of the workspace.`, {
      fix: 'Write it relative to the workspace, for example src/**/*.ts.',
    });
  return parts.join('/');
}

/** A path that only a glob for everything below a folder matches. */
const ANYTHING = '\u0001any\u0001/\u0001any\u0001';

/** A path and all folders it is in: `a/b/c` → `a`, `a/b`, `a/b/c`. */
const ancestry = (path: string): string[] =>
  path.split('/').map((_, depth, parts) => parts.slice(0, depth + 1).join('/'));

/**
 * The selection of a configuration. `left` are folders, relative to the workspace, that are never looked into.
 * @throws AppError `trigger.outside_workspace`
 */
export function selectionOf(config: FileChangeConfig, left: readonly string[] = []): Selection {
  const options = { dot: config.dotfiles, nonegate: true, nocomment: true, optimizationLevel: 1 };
  const glob = new Minimatch(relativeGlob(config.path), options);
  const pattern =
    config.pattern === undefined ? undefined : new Minimatch(config.pattern, { ...options, matchBase: true });
  const ignored = (config.ignored ?? []).map(
    (text) => new Minimatch(text, { ...options, dot: true, matchBase: true }),
  );
  const namesDependencies = config.path.includes(DEPENDENCIES);
  const isIgnored = (path: string): boolean =>
    ancestry(path).some((part) => left.includes(part) || ignored.some((candidate) => candidate.match(part)));
  const isDependency = (path: string): boolean =>
    !namesDependencies && path.split('/').includes(DEPENDENCIES);
  return {
    matches: (path) =>
      glob.match(path) && (pattern?.match(path) ?? true) && !isIgnored(path) && !isDependency(path),
    // A folder is passed over where the folder itself is ignored, or all that could be in it is (`build/**`).
    mayHold: (folder) =>
      folder === '' ||
      (glob.match(folder, true) &&
        !isIgnored(folder) &&
        !isIgnored(`${folder}/${ANYTHING}`) &&
        !isDependency(folder)),
  };
}
