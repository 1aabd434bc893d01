import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Catalog } from '#shared/catalog/catalog.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import type { KeyPlace } from '#shared/node/secrets/key.ts';
import type { SecretReader } from '#shared/node/secrets/secrets.ts';
import type { PluginDirectory } from './plugins/directory.ts';
import type { DefinitionReader } from './reader/reader.ts';
import type { Store } from './store/store.ts';

/** What the API's parts work with; made once in main.ts and passed in. */
export interface Deps {
  store: Store;
  client: Client;
  blobs: Blobs;
  catalog: Catalog;
  plugins: PluginDirectory;
  reader: DefinitionReader;
  /** Where the key is that secrets are encrypted with. */
  secretKey: KeyPlace;
  /** What calls of webhooks are held against. */
  secrets: SecretReader;
  /** Where people look at Temporal itself, without a slash at the end. */
  temporalWeb?: string | undefined;
  log: Logger;
  taskQueue: string;
}
