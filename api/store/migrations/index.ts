import type { Migration } from 'kysely';
import type { Engine } from '../engine.ts';
import { initial } from './0001-initial.ts';
import { secretsAndChat } from './0002-secrets-and-chat.ts';
import { events } from './0003-events.ts';

/** Every migration by name, applied in the order of their names. Never change one that was released. */
export const migrationsFor = (engine: Engine): Record<string, Migration> => ({
  '0001-initial': initial(engine.columns),
  '0002-secrets-and-chat': secretsAndChat(engine.columns),
  '0003-events': events(engine.columns),
});
