import type { Db } from './tables.ts';

/** What may be known of a secret: all but its value. */
export interface SecretFacts {
  name: string;
  description: string | null;
  createdAt: string;
  updatedAt: string;
}

/** A secret as it is kept: sealed. */
export interface SealedSecret {
  name: string;
  description: string | null;
  sealed: string;
}

/** Encrypted secrets, by name. */
export interface Secrets {
  list(): Promise<SecretFacts[]>;
  /** One sealed value, to see whether the key fits; `undefined` where there is none. */
  sample(): Promise<{ name: string; sealed: string } | undefined>;
  /** False, with nothing changed, where the name is taken. */
  create(secret: SealedSecret): Promise<boolean>;
  /** False where there is none of that name. Without a description the one it has stays. */
  replace(secret: SealedSecret): Promise<boolean>;
  /** False where there was none. */
  remove(name: string): Promise<boolean>;
}

const FACTS = ['name', 'description', 'created_at as createdAt', 'updated_at as updatedAt'] as const;

export const secretsOf = (db: Db): Secrets => ({
  list: () => db.selectFrom('secrets').select(FACTS).orderBy('name').execute(),
  sample: () => db.selectFrom('secrets').select(['name', 'sealed']).limit(1).executeTakeFirst(),
  async create(secret) {
    const now = new Date().toISOString();
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('secrets')
      .values({ ...secret, created_at: now, updated_at: now })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  },
  async replace({ name, description, sealed }) {
    const { numUpdatedRows } = await db
      .updateTable('secrets')
      .set({ sealed, ...(description !== null && { description }), updated_at: new Date().toISOString() })
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  },
  async remove(name) {
    const { numDeletedRows } = await db
      .deleteFrom('secrets')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  },
});
