import { describe, expect, it } from '@jest/globals';
import { AppError } from '#shared/errors.ts';
import type { JsonObject } from '#shared/json.ts';
import {
  at,
  draftChange,
  execution,
  type FreshUrl,
  pages,
  publication,
  storePerBlock,
  workflow,
} from './support.ts';

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

/** Drafts, publication, revisions, deletion. */
export function workflowsConformance(freshUrl: FreshUrl): void {
  describe('workflows', () => {
    const opened = storePerBlock(freshUrl);
    const workflows = () => opened().store.workflows;

    it('creates a workflow that reads as it was given', async () => {
      const created = await workflows().create(
        workflow('review', {
          description: 'Reviews code',
          metadata: { tags: ['ai'], colour: null },
          enabled: false,
        }),
      );
      expect(created).toEqual({
        id: 'review',
        name: 'Workflow review',
        description: 'Reviews code',
        version: '0',
        publishedVersion: null,
        definition: { id: 'review', steps: [] },
        enabled: false,
        createdAt: at(0),
        updatedAt: at(0),
        authorId: 'ada',
        metadata: { tags: ['ai'], colour: null },
        revision: 1,
        hasDraft: true,
        draft: { source: 'id: review', format: 'yaml', definition: { id: 'review', steps: [] } },
      });
      expect(await workflows().get('review')).toEqual(created);
    });

    it('takes a draft that could not be read as a definition', async () => {
      const created = await workflows().create(
        workflow('broken', { draft: { source: 'steps: [', format: 'yaml', definition: null } }),
      );
      expect(created).toMatchObject({ definition: {}, draft: { source: 'steps: [', definition: null } });
      await workflows().saveDraft('broken', draftChange('mended', 1));
      const again = await workflows().saveDraft('broken', { ...draftChange('torn', 2), definition: null });
      expect(again).toMatchObject({ definition: { name: 'mended' }, draft: { definition: null } });
    });

    it('normalises times to UTC', async () => {
      const created = await workflows().create(workflow('a', { at: '2026-03-01T01:30:00+02:00' }));
      expect(created.createdAt).toBe('2026-02-28T23:30:00.000Z');
      expect((await workflows().get('a'))?.updatedAt).toBe('2026-02-28T23:30:00.000Z');
    });

    it('refuses a second workflow with the same id', async () => {
      await workflows().create(workflow('review'));
      await expect(workflows().create(workflow('review', { name: 'Other' }))).rejects.toMatchObject({
        code: 'workflow.exists',
      });
      expect(await workflows().get('review')).toMatchObject({ name: 'Workflow review', revision: 1 });
    });

    it('has nothing under an unknown id', async () => {
      expect(await workflows().get('nobody')).toBeUndefined();
      const unknown = { code: 'workflow.not_found' };
      await expect(workflows().saveDraft('nobody', draftChange('x', 1))).rejects.toMatchObject(unknown);
      await expect(workflows().publish('nobody', publication('x', 1))).rejects.toMatchObject(unknown);
      await expect(workflows().setEnabled('nobody', true, { at: at(1) })).rejects.toMatchObject(unknown);
      await expect(workflows().remove('nobody', { at: at(1) })).rejects.toMatchObject(unknown);
      expect(await workflows().version('nobody', 1)).toBeUndefined();
    });

    it('saves drafts beside the published definition', async () => {
      await workflows().create(workflow('review'));
      await workflows().publish('review', publication('first', 1));
      const saved = await workflows().saveDraft('review', draftChange('second', 2));
      expect(saved).toMatchObject({
        name: 'second',
        definition: { name: 'first' },
        draft: { source: 'name: second', definition: { name: 'second' } },
        revision: 3,
        createdAt: at(0),
        updatedAt: at(2),
        hasDraft: true,
      });
    });

    it('publishes numbered versions and clears the draft', async () => {
      await workflows().create(workflow('review', { description: 'kept', metadata: { tags: ['kept'] } }));
      expect(await workflows().publish('review', { ...publication('one', 1), note: 'first' })).toEqual({
        version: 1,
        revision: 2,
      });
      const second = {
        ...publication('two', 2),
        name: 'Renamed',
        authorId: 'grace',
        format: 'json' as const,
      };
      expect(await workflows().publish('review', second)).toEqual({ version: 2, revision: 3 });
      expect(await workflows().get('review')).toMatchObject({
        name: 'Renamed',
        description: 'kept',
        metadata: { tags: ['kept'] },
        version: '2',
        publishedVersion: 2,
        definition: { name: 'two' },
        draft: null,
        hasDraft: false,
      });
      expect(await workflows().version('review', 1)).toEqual({
        workflowId: 'review',
        version: 1,
        definition: { name: 'one' },
        source: 'name: one',
        format: 'yaml',
        note: 'first',
        authorId: 'ada',
        createdAt: at(1),
      });
      expect(await workflows().version('review', 2)).toMatchObject({
        format: 'json',
        note: null,
        authorId: 'grace',
      });
      expect(await workflows().version('review', 3)).toBeUndefined();
    });

    it('lists versions latest first, in pages', async () => {
      await workflows().create(workflow('review'));
      for (let n = 1; n <= 5; n++) await workflows().publish('review', publication(`v${n}`, n));
      const all = await pages((page) => workflows().versions('review', page), 2);
      expect(all.map((page) => page.map(({ version }) => version))).toEqual([[5, 4], [3, 2], [1]]);
      expect(all[0]?.[0]).not.toHaveProperty('definition');
    });

    it('publishes nothing when a trigger has no id', async () => {
      await workflows().create(workflow('review'));
      const bad = { ...publication('x', 1), definition: { triggers: [{ type: 'manual' }] } };
      await expect(workflows().publish('review', bad)).rejects.toMatchObject({
        code: 'workflow.bad_trigger',
      });
      expect(await workflows().get('review')).toMatchObject({ revision: 1, version: '0', hasDraft: true });
      expect((await workflows().versions('review', { limit: 5 })).items).toEqual([]);
    });

    it('gives ten simultaneous publications ten version numbers', async () => {
      await workflows().create(workflow('review'));
      const published = await Promise.all(
        Array.from({ length: 10 }, (_, n) => workflows().publish('review', publication(`p${n}`, n))),
      );
      const numbers = published.map(({ version }) => version).sort((a, b) => a - b);
      expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await workflows().get('review')).toMatchObject({ version: '10', revision: 11 });
    });

    it('refuses every kind of change made on a stale revision, saying which is current', async () => {
      await workflows().create(workflow('review'));
      await workflows().saveDraft('review', { ...draftChange('new', 1), baseRevision: 1 });
      const before = await workflows().get('review');
      const stale = { name: 'AppError', code: 'workflow.stale_revision', details: { current: 2 } };
      const base = { baseRevision: 1, at: at(2) };
      await expect(
        workflows().saveDraft('review', { ...draftChange('x', 2), ...base }),
      ).rejects.toMatchObject(stale);
      await expect(workflows().publish('review', { ...publication('x', 2), ...base })).rejects.toMatchObject(
        stale,
      );
      await expect(workflows().setEnabled('review', false, base)).rejects.toMatchObject(stale);
      await expect(workflows().remove('review', base)).rejects.toMatchObject(stale);
      await expect(workflows().remove('review', { ...base, baseRevision: 0 })).rejects.toMatchObject(stale);
      expect(await workflows().get('review')).toEqual(before);
    });

    it('lets exactly one of twenty simultaneous saves on one revision win', async () => {
      await workflows().create(workflow('review'));
      const saves = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) =>
          workflows().saveDraft('review', { ...draftChange(`save ${n}`, n), baseRevision: 1 }),
        ),
      );
      const won = saves.flatMap((save) => (save.status === 'fulfilled' ? [save.value.name] : []));
      const lost = saves.flatMap((save) => (save.status === 'rejected' ? [save.reason] : []));
      expect(won).toHaveLength(1);
      expect(lost.every((reason) => AppError.is(reason) && reason.code === 'workflow.stale_revision')).toBe(
        true,
      );
      expect(await workflows().get('review')).toMatchObject({ name: won[0], revision: 2 });
    });

    it('lets exactly one of several simultaneous creations of one id win', async () => {
      const made = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) => workflows().create(workflow('review', { name: `maker ${n}` }))),
      );
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('switches on and off', async () => {
      await workflows().create(workflow('review'));
      const off = await workflows().setEnabled('review', false, { baseRevision: 1, at: at(5) });
      expect(off).toMatchObject({ enabled: false, revision: 2, updatedAt: at(5), hasDraft: true });
      expect(await workflows().setEnabled('review', true, { at: at(6) })).toMatchObject({
        enabled: true,
        revision: 3,
      });
    });

    it('keeps versions and executions of a deleted workflow readable', async () => {
      const { executions } = opened().store;
      await workflows().create(workflow('review'));
      await workflows().publish('review', publication('one', 1));
      await executions.archive(execution('run'), []);
      await workflows().remove('review', { baseRevision: 2, at: at(2) });
      expect(await workflows().get('review')).toBeUndefined();
      expect((await workflows().list({ limit: 10 })).items).toEqual([]);
      expect(await workflows().version('review', 1)).toMatchObject({ definition: { name: 'one' } });
      expect(await executions.get('run')).toMatchObject({ workflowId: 'review' });
      await expect(workflows().remove('review', { at: at(3) })).rejects.toMatchObject({
        code: 'workflow.not_found',
      });
    });

    it('revives a deleted id as a new workflow whose version numbers go on', async () => {
      await workflows().create(workflow('review'));
      await workflows().publish('review', publication('one', 1));
      await workflows().publish('review', publication('two', 2));
      await workflows().remove('review', { at: at(3) });
      const revived = await workflows().create(workflow('review', { name: 'Again', at: at(4) }));
      expect(revived).toMatchObject({
        name: 'Again',
        version: '0',
        publishedVersion: null,
        definition: { id: 'review', steps: [] },
        enabled: true,
        revision: 5,
        createdAt: at(4),
      });
      expect(await workflows().publish('review', publication('three', 5))).toMatchObject({ version: 3 });
      expect(await workflows().version('review', 1)).toMatchObject({ definition: { name: 'one' } });
    });
  });

  describe('workflows that come back after they were deleted', () => {
    const opened = storePerBlock(freshUrl);
    const workflows = () => opened().store.workflows;
    const declared: JsonObject[] = [
      { id: 'daily', type: 'schedule', config: { cron: '0 9 * * *' } },
      { id: 'off', type: 'manual', enabled: false },
    ];

    it('have their versions, draft, switch and triggers', async () => {
      const { triggers } = opened().store;
      await workflows().create(workflow('review', { description: 'Reviews', metadata: { tags: ['ai'] } }));
      const published = { ...publication('one', 1), definition: { name: 'one', triggers: declared } };
      await workflows().publish('review', { ...published, description: 'Reviews' });
      await workflows().saveDraft('review', { ...draftChange('two', 2), baseRevision: 2 });
      const before = await workflows().get('review');
      const triggersBefore = await triggers.ofWorkflow('review');
      await workflows().remove('review', { at: at(3) });
      expect(await triggers.all()).toEqual([]);
      const restored = await workflows().restore('review', at(4));
      expect(restored).toEqual({ ...before, revision: 5, updatedAt: at(4) });
      expect(await workflows().get('review')).toEqual(restored);
      expect(ids((await workflows().list({ limit: 9 })).items)).toEqual(['review']);
      expect(await triggers.ofWorkflow('review')).toEqual(
        triggersBefore.map((trigger) => ({ ...trigger, createdAt: at(4) })),
      );
      expect(await workflows().publish('review', publication('two', 5))).toMatchObject({ version: 2 });
    });

    it('stay switched off, and drafts, where they were', async () => {
      await workflows().create(workflow('sketch', { enabled: false }));
      await workflows().remove('sketch', { at: at(1) });
      expect(await workflows().restore('sketch', at(2))).toMatchObject({
        enabled: false,
        publishedVersion: null,
        hasDraft: true,
      });
      expect(await opened().store.triggers.all()).toEqual([]);
    });

    it('must have been deleted, and their id must be free', async () => {
      await expect(workflows().restore('nobody', at(1))).rejects.toMatchObject({
        code: 'workflow.not_found',
      });
      await workflows().create(workflow('review'));
      await expect(workflows().restore('review', at(1))).rejects.toMatchObject({ code: 'workflow.exists' });
      await workflows().remove('review', { at: at(2) });
      const again = await workflows().create(workflow('review', { name: 'Again' }));
      await expect(workflows().restore('review', at(3))).rejects.toMatchObject({ code: 'workflow.exists' });
      expect(await workflows().get('review')).toEqual(again);
    });
  });

  describe('lists of workflows', () => {
    const opened = storePerBlock(freshUrl);
    const workflows = () => opened().store.workflows;

    it('pages through equal times without loss or repetition, last changed first', async () => {
      const names = ['b', 'a', 'C', 'ä', 'a-1', 'a1', 'Z'];
      for (const id of names) await workflows().create(workflow(id, { at: at(7) }));
      await workflows().create(workflow('latest', { at: at(8) }));
      const all = await pages((page) => workflows().list(page), 3);
      expect(all.map(ids)).toEqual([
        ['latest', 'C', 'Z'],
        ['a', 'a-1', 'a1'],
        ['b', 'ä'],
      ]);
      expect(all[0]?.[0]).not.toHaveProperty('draft');
    });

    it('ends without a cursor when the last page is exactly full', async () => {
      for (const id of ['a', 'b']) await workflows().create(workflow(id));
      expect(await workflows().list({ limit: 2 })).toMatchObject({ nextCursor: null });
      expect((await workflows().list({ limit: 0 })).items).toHaveLength(1);
    });

    it.each([
      ['noise', '%%%'],
      ['nothing', ''],
      ['another list’s', Buffer.from('[5]').toString('base64url')],
      ['a time that is none', Buffer.from('["2026-99-99T00:00:00.000Z","a"]').toString('base64url')],
      ['SQL', Buffer.from(`["' or 1=1 --","a"]`).toString('base64url')],
    ])('refuses a cursor that is %s', async (_, cursor) => {
      await expect(workflows().list({ limit: 2, cursor })).rejects.toMatchObject({
        code: 'request.bad_cursor',
        fix: expect.stringContaining('nextCursor'),
      });
    });

    it('searches name, id, description and tags in any case, without wildcards', async () => {
      await workflows().create(workflow('one', { name: 'Übersicht 100%' }));
      await workflows().create(workflow('two', { description: 'Posts to SLACK_general' }));
      await workflows().create(workflow('three', { metadata: { tags: ['Nightly'] } }));
      const found = async (search: string) => ids((await workflows().list({ limit: 9, search })).items);
      expect(await found('übersicht')).toEqual(['one']);
      expect(await found('slack_')).toEqual(['two']);
      expect(await found('NIGHTLY')).toEqual(['three']);
      expect(await found('%')).toEqual(['one']);
      expect(await found('o')).toEqual(['one', 'three', 'two']);
      expect(await found(`' or '1'='1`)).toEqual([]);
    });

    it('finds what was renamed under its new name only', async () => {
      await workflows().create(workflow('x', { name: 'Before' }));
      await workflows().saveDraft('x', draftChange('After', 1));
      expect((await workflows().list({ limit: 9, search: 'before' })).items).toEqual([]);
      expect((await workflows().list({ limit: 9, search: 'after' })).items).toHaveLength(1);
    });

    it('filters by tag and by switch', async () => {
      await workflows().create(workflow('a', { metadata: { tags: ['ai', `it's "quoted"`] } }));
      await workflows().create(workflow('b', { metadata: { tags: ['ai-2'] }, enabled: false }));
      await workflows().create(workflow('c', { metadata: {} }));
      const found = async (filter: { tag?: string; enabled?: boolean }) =>
        ids((await workflows().list({ limit: 9, ...filter })).items);
      expect(await found({ tag: 'ai' })).toEqual(['a']);
      expect(await found({ tag: `it's "quoted"` })).toEqual(['a']);
      expect(await found({ tag: 'a' })).toEqual([]);
      expect(await found({ enabled: false })).toEqual(['b']);
      expect(await found({ enabled: true })).toEqual(['a', 'c']);
      expect(await found({ enabled: false, tag: 'ai' })).toEqual([]);
    });
  });
}
