import { describe, expect, it } from '@jest/globals';
import { openStore } from '../store.ts';
import { execution, type FreshUrl, runSql, saying, startChild, storePerTest } from './support.ts';

/** Opening, migrating, and what a kill may leave behind. */
export function openingConformance(freshUrl: FreshUrl): void {
  describe('opening', () => {
    const opened = storePerTest(freshUrl);

    it('answers a ping until it is closed', async () => {
      const { store } = opened();
      await store.ping();
      await store.close();
      await expect(store.ping()).rejects.toThrow();
    });

    it('keeps what was stored when it is opened again', async () => {
      const { store, url } = opened();
      await store.watermarks.set('archived', '17');
      await store.close();
      const again = await openStore({ url });
      expect(await again.watermarks.get('archived')).toBe('17');
      await again.close();
    });

    it('refuses a database that a newer version has migrated, and changes nothing', async () => {
      const { store, url } = opened();
      await store.close();
      await runSql(url, `insert into kysely_migration values ('9998-future', '2030-01-01T00:00:00.000Z')`);
      await expect(openStore({ url })).rejects.toMatchObject({
        name: 'AppError',
        code: 'store.newer',
        message: expect.stringContaining('9998-future'),
        fix: expect.stringContaining('backup'),
      });
      expect(await runSql(url, 'select name from kysely_migration order by name')).toEqual([
        { name: '0001-initial' },
        { name: '0002-secrets-and-chat' },
        { name: '0003-events' },
        { name: '9998-future' },
      ]);
    });
  });

  describe('opening from several processes', () => {
    it('lets three processes open a new database at the same time', async () => {
      const url = await freshUrl();
      const names = ['one', 'two', 'three'];
      const children = names.map((name) => startChild('child-opener.ts', url, name));
      for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, errors: '' });
      const store = await openStore({ url });
      for (const name of names) expect(await store.watermarks.get(name)).toBe('opened');
      await store.close();
    }, 30_000);

    it('can be opened after a kill in the middle of a migration, which leaves nothing', async () => {
      const url = await freshUrl();
      expect(await startChild('child-killed-migrating.ts', url).ended).toMatchObject({ signal: 'SIGKILL' });
      await expect(runSql(url, 'select * from half_made')).rejects.toMatchObject(saying(/half_made/));
      const store = await openStore({ url });
      expect(await store.executions.archive(execution('after'), [])).toBe(true);
      await store.close();
    }, 30_000);

    it('has every row that two processes had acknowledged before a kill -9', async () => {
      const url = await freshUrl();
      const acknowledged: string[] = [];
      for (const [round, enough] of [5, 60, 150].entries()) {
        const writers = ['a', 'b'].map((name) => startChild('child-writer.ts', url, `${name}${round}`));
        const deadline = Date.now() + 20_000;
        while (writers.some(({ lines }) => lines.length < enough) && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        for (const { kill } of writers) kill();
        for (const { ended, lines } of writers) {
          expect(await ended).toMatchObject({ signal: 'SIGKILL', errors: '' });
          expect(lines.length).toBeGreaterThanOrEqual(enough);
          acknowledged.push(...lines);
        }
      }
      const store = await openStore({ url });
      expect(await store.executions.archivedAmong(acknowledged)).toEqual(new Set(acknowledged));
      await store.close();
    }, 60_000);
  });
}
