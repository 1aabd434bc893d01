import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Catalog } from '#shared/catalog/catalog.ts';
import { type PluginsView, type PluginView, pluginsView } from '#shared/catalog/plugin.ts';
import { messageOf } from '#shared/errors.ts';
import { PLUGINS, type PluginsAnswer } from '#shared/execution/plugins.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import { askWorker } from '../temporal/ask.ts';

/** How long an answer is given again, in milliseconds: each is a workflow of its own in Temporal. */
const FRESH = 5_000;

/** How long a worker may take to answer, in milliseconds. */
const PATIENCE = 5_000;

/** What workers have told of their plugins. */
export interface PluginDirectory {
  /** Asks a worker, unless one was asked just now. Where none answers, what was known before with an `error`. */
  list(): Promise<PluginsView>;
  /** What was heard last, without waiting; asks again in the background where that is old. Undefined: nothing yet. */
  known(): PluginView[] | undefined;
}

/** What a directory asks with. */
export interface DirectoryParts {
  client: Client;
  blobs: Blobs;
  log: Logger;
  taskQueue: string;
  /** Milliseconds that an answer counts as new. */
  freshFor?: number;
}

async function ask(parts: DirectoryParts): Promise<PluginsView> {
  const answer = await askWorker<PluginsAnswer>(parts, {
    type: PLUGINS,
    words: 'What do plugins offer?',
    patience: PATIENCE,
  });
  if ('view' in answer) return pluginsView.parse(answer.view);
  return pluginsView.parse(JSON.parse(new TextDecoder().decode(await parts.blobs.get(answer.ref))));
}

/** Learns of plugins from whichever worker answers: all are meant to have the same list. */
export function createDirectory(parts: DirectoryParts): PluginDirectory {
  const { log, freshFor = FRESH } = parts;
  let heard: PluginsView | undefined;
  let latest: PluginsView = { items: [] };
  let until = 0;
  let asking: Promise<PluginsView> | undefined;
  const asked = async (): Promise<PluginsView> => {
    try {
      heard = await ask(parts);
      latest = heard;
    } catch (thrown) {
      log.debug({ error: messageOf(thrown) }, 'no worker told of its plugins');
      latest = {
        items: heard?.items ?? [],
        error: {
          code: 'plugin.no_worker',
          message: 'No worker told of its plugins.',
          fix: 'See to it that a worker runs; GET /api/health tells.',
        },
      };
    }
    until = Date.now() + freshFor;
    asking = undefined;
    return latest;
  };
  const list = (): Promise<PluginsView> => {
    if (asking) return asking;
    if (Date.now() < until) return Promise.resolve(latest);
    asking = asked();
    return asking;
  };
  return {
    list,
    known() {
      void list();
      // Where the list could not be read, nothing is known of what it should hold.
      return heard?.error && heard.items.length === 0 ? undefined : heard?.items;
    },
  };
}

const merged = new WeakMap<PluginView[], Catalog>();

/** The catalogue with what is known of plugins at the moment. */
export function catalogNow({ catalog, plugins }: { catalog: Catalog; plugins: PluginDirectory }): Catalog {
  const known = plugins.known();
  if (known === undefined) return catalog;
  const now = merged.get(known) ?? { ...catalog, plugins: known };
  merged.set(known, now);
  return now;
}
