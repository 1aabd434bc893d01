import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { AppError } from '#shared/errors.ts';
import { placeOf } from './failures.ts';

const table = 'kysely_migration';

async function applied(db: Kysely<unknown>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === table)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

/**
 * Brings the schema up to date: all missing migrations in one transaction, so one that was cut off leaves nothing
 * behind. Others opening the same database wait (SQLite: file lock, 5 s; Postgres: advisory lock).
 * @throws AppError `store.newer` where the database has migrations this code does not know
 */
export async function migrate<T>(
  db: Kysely<T>,
  migrations: Record<string, Migration>,
  url: string,
): Promise<void> {
  const unknown = (await applied(db as Kysely<unknown>)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new AppError(
      'store.newer',
      `The database ${placeOf(url)} was written by a newer version: it has the migration ${unknown.join(', ')}.`,
      {
        fix: 'Start that version again or a later one, or restore a backup made before the update.',
        details: { migrations: unknown },
      },
    );
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
