import type { Db } from './tables.ts';

/** How far a background job has come: one text by name. */
export interface Watermarks {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

export const watermarksOf = (db: Db): Watermarks => ({
  get: async (name) => {
    const row = await db.selectFrom('watermarks').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value;
  },
  set: async (name, value) => {
    await db
      .insertInto('watermarks')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  },
});
