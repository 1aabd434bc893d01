import { describe, expect, it } from '@jest/globals';
import type { EventKind } from '../events.ts';
import { type FreshUrl, storePerBlock } from './support.ts';

/** What came in from outside. */
export function eventsConformance(freshUrl: FreshUrl): void {
  describe('events', () => {
    const opened = storePerBlock(freshUrl);
    const keep = (key: string, kind: EventKind = 'activity') =>
      opened().store.events.keep({ kind, key, event: { event: key, data: { of: ['ä', null, 1.5] } } });

    it('are kept once for each key, also by many at once', async () => {
      const all = await Promise.all(Array.from({ length: 10 }, () => keep('same')));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(all[0]).toMatchObject({
        kind: 'activity',
        outcome: null,
        event: { data: { of: ['ä', null, 1.5] } },
      });
    });

    it('say what came of them once that is known', async () => {
      const { id } = await keep('settled');
      await opened().store.events.settle(id, { executions: [] });
      expect((await keep('settled')).outcome).toEqual({ executions: [] });
    });

    it('are listed in pages by kind, the latest first', async () => {
      const { events } = opened().store;
      for (const key of ['a', 'b', 'c', 'd', 'e']) await keep(key, 'escalation');
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await events.list({ kind: 'escalation', limit: 2, cursor });
        seen.push(...page.items.map(({ event }) => event.event));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
    });
  });
}
