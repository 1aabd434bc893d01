/** Applies the migrations and is killed in the middle of one more, after it has changed the schema. */
import { Kysely } from 'kysely';
import { engineOf } from '../engine.ts';
import { migrate } from '../migrate.ts';
import { migrationsFor } from '../migrations/index.ts';

const [url = ''] = process.argv.slice(2);
const engine = engineOf(url);
const db = new Kysely<unknown>({ dialect: engine.dialect });
await migrate(
  db,
  {
    ...migrationsFor(engine),
    '9999-killed': {
      up: async (trx) => {
        await trx.schema.createTable('half_made').addColumn('id', 'integer').execute();
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => undefined);
      },
    },
  },
  url,
);
