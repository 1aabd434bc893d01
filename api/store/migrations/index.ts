import type { Migration } from 'kysely';
import type { Engine } from '../engine.ts';
import { initial } from './0001-initial.ts';

/** Every migration by name, applied in the order of their names. Never change one that was released. */
export const migrationsFor = (engine: Engine): Record<string, Migration> => ({
  '0001-initial': initial(engine.columns),
});
