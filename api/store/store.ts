import { Kysely, sql } from 'kysely';
import { type Audit, auditOf } from './audit.ts';
import { type Chat, chatOf } from './chat.ts';
import { type Engine, engineOf } from './engine.ts';
import { type Events, eventsOf } from './events.ts';
import { type Executions, executionsOf } from './executions.ts';
import { migrate } from './migrate.ts';
import { migrationsFor } from './migrations/index.ts';
import { type Secrets, secretsOf } from './secrets.ts';
import type { Db, Tables } from './tables.ts';
import { type Triggers, triggersOf } from './triggers.ts';
import { type Watermarks, watermarksOf } from './watermarks.ts';
import { type Workflows, workflowsOf } from './workflows.ts';

/** Everything kept in SQL. Times go in and come out as ISO-8601 text, in UTC when they come out. */
export interface Store {
  readonly engine: Engine['name'];
  readonly workflows: Workflows;
  readonly executions: Executions;
  readonly triggers: Triggers;
  readonly watermarks: Watermarks;
  readonly audit: Audit;
  readonly secrets: Secrets;
  readonly chat: Chat;
  readonly events: Events;
  /**
   * Asks the database for an answer.
   * @throws AppError `store.unreachable`, `store.busy`
   */
  ping(): Promise<void>;
  /** Closes all connections; safe to call twice. */
  close(): Promise<void>;
}

export interface StoreAddress {
  /** `postgres://…` or `postgresql://…`; anything else is the path of a SQLite file, made where absent. */
  url: string;
}

async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}

/**
 * Opens the store and brings its schema up to date. One process opens a SQLite file once (its transactions would
 * wait for each other in vain); any number of processes may.
 * @throws AppError `store.unreachable`, `store.busy`, `store.newer`
 */
export async function openStore({ url }: StoreAddress): Promise<Store> {
  const engine = engineOf(url);
  const db: Db = new Kysely<Tables>({ dialect: engine.dialect });
  try {
    await ping(db);
    await migrate(db, migrationsFor(engine), url);
  } catch (failure) {
    await db.destroy();
    throw failure;
  }
  return {
    engine: engine.name,
    workflows: workflowsOf(db, engine),
    executions: executionsOf(db),
    triggers: triggersOf(db),
    watermarks: watermarksOf(db),
    audit: auditOf(db),
    secrets: secretsOf(db),
    chat: chatOf(db),
    events: eventsOf(db),
    ping: () => ping(db),
    close: () => db.destroy(),
  };
}
