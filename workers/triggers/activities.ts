import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Logger } from 'pino';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { baseline } from './baseline.ts';
import type { OpenWatcher } from './hints.ts';
import { listen } from './listen.ts';
import type { TriggerActivities } from './protocol.ts';
import { watch } from './watch.ts';

export interface TriggerActivityParts {
  plugins: Plugins;
  /** The folder that globs are relative to. */
  workspaceRoot: string;
  blobs: Blobs;
  log: Logger;
  /** Where the runs are started. */
  taskQueue: string;
  /** Folders that are never watched, although they may be in the workspace: the data directory. */
  privateFolders?: readonly string[];
  /** chokidar's, unless a test has one of its own. */
  openWatcher?: OpenWatcher;
}

const within = (root: string, folder: string): string => relative(root, folder).split(sep).join('/');

/** The activities that triggers are made of. */
export function triggerActivities(parts: TriggerActivityParts): TriggerActivities {
  const { privateFolders = [], ...rest } = parts;
  const workspaceRoot = realpathSync(parts.workspaceRoot);
  const left = privateFolders
    .map((folder) => within(workspaceRoot, folder))
    .filter((path) => !path.startsWith('..'));
  const all = { ...rest, workspaceRoot, left };
  return {
    'trigger.baseline': (input) => baseline(input, all),
    'trigger.watch': (input) => watch(input, all),
    'trigger.listen': (input) => listen(input, all),
  };
}
