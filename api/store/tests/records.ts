import { describe, expect, it } from '@jest/globals';
import { at, type FreshUrl, pages, publication, storePerBlock, workflow } from './support.ts';

/** Triggers, watermarks and the audit trail. */
export function recordsConformance(freshUrl: FreshUrl): void {
  describe('triggers', () => {
    const opened = storePerBlock(freshUrl);

    const publish = (id: string, triggers: object[], when: number) =>
      opened().store.workflows.publish(id, {
        ...publication(id, when),
        definition: { triggers: JSON.parse(JSON.stringify(triggers)) },
      });

    it('are those of the latest published version', async () => {
      const { workflows, triggers } = opened().store;
      await workflows.create(workflow('review'));
      expect(await triggers.ofWorkflow('review')).toEqual([]);
      await publish(
        'review',
        [
          { id: 'kept', type: 'manual' },
          { id: 'gone', type: 'webhook' },
        ],
        1,
      );
      await publish(
        'review',
        [
          { id: 'new', type: 'schedule', config: { cron: '0 9 * * *' } },
          { id: 'kept', type: 'manual', enabled: false },
        ],
        2,
      );
      expect(await triggers.ofWorkflow('review')).toEqual([
        {
          id: 'review/kept',
          workflowId: 'review',
          triggerId: 'kept',
          type: 'manual',
          config: {},
          enabled: false,
          workflowEnabled: true,
          createdAt: at(1),
        },
        expect.objectContaining({
          triggerId: 'new',
          config: { cron: '0 9 * * *' },
          enabled: true,
          createdAt: at(2),
        }),
      ]);
    });

    it('are listed over all workflows, with the workflow’s switch, and go with it', async () => {
      const { workflows, triggers } = opened().store;
      for (const id of ['b', 'a']) {
        await workflows.create(workflow(id));
        await publish(id, [{ id: 'run', type: 'manual' }], 1);
      }
      await workflows.setEnabled('a', false, { at: at(2) });
      const listed = (await triggers.all()).map(({ id, workflowEnabled }) => [id, workflowEnabled]);
      expect(listed).toEqual([
        ['a/run', false],
        ['b/run', true],
      ]);
      await workflows.remove('a', { at: at(3) });
      expect((await triggers.all()).map(({ id }) => id)).toEqual(['b/run']);
      await workflows.create(workflow('a', { at: at(4) }));
      expect(await triggers.ofWorkflow('a')).toEqual([]);
    });
  });

  describe('watermarks', () => {
    const opened = storePerBlock(freshUrl);

    it('keep the last text by name', async () => {
      const { watermarks } = opened().store;
      expect(await watermarks.get('archiver')).toBeUndefined();
      await watermarks.set('archiver', '1');
      await watermarks.set('archiver', '2');
      await watermarks.set('other', '');
      expect(await watermarks.get('archiver')).toBe('2');
      expect(await watermarks.get('other')).toBe('');
    });
  });

  describe('audit', () => {
    const opened = storePerBlock(freshUrl);

    it('lists the last appended first, in pages and by subject', async () => {
      const { audit } = opened().store;
      for (let n = 1; n <= 5; n++) {
        const subject = n % 2 === 0 ? 'even' : 'odd';
        await audit.append({
          at: at(0),
          actor: 'ada',
          action: `act.${n}`,
          subject,
          details: n === 1 ? null : { n },
        });
      }
      const all = await pages((page) => audit.list(page), 2);
      expect(all.map((page) => page.map(({ action }) => action))).toEqual([
        ['act.5', 'act.4'],
        ['act.3', 'act.2'],
        ['act.1'],
      ]);
      expect(all[0]?.[0]).toEqual({
        id: expect.any(Number),
        at: at(0),
        actor: 'ada',
        action: 'act.5',
        subject: 'odd',
        details: { n: 5 },
      });
      const even = await audit.list({ limit: 1, subject: 'even' });
      expect(even).toMatchObject({ items: [{ action: 'act.4' }], nextCursor: expect.any(String) });
      await expect(audit.list({ limit: 1, cursor: 'WyJhIl0' })).rejects.toMatchObject({
        code: 'request.bad_cursor',
      });
    });
  });
}
