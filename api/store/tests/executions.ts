import { describe, expect, it } from '@jest/globals';
import { at, execution, type FreshUrl, pages, saying, step, storePerBlock } from './support.ts';

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

/** The archive of closed runs. */
export function executionsConformance(freshUrl: FreshUrl): void {
  describe('executions', () => {
    const opened = storePerBlock(freshUrl);
    const executions = () => opened().store.executions;

    it('archives a run that reads as it was given, for a workflow the store does not know', async () => {
      const run = execution('run', {
        status: 'failure',
        context: { trigger: { filePath: 'a.ts' } },
        variables: { channel: 'reviews' },
        output: ['list', 1, null],
        errorMessage: 'It broke',
        error: { code: 'action.failed' },
        retryOf: 'earlier',
      });
      const steps = [
        step('z.first'),
        step('each[0].a', { status: 'failure', error: { code: 'x' }, errorMessage: 'No', output: null }),
        step('never', { status: 'skipped', startedAt: null, endedAt: null, durationMs: null, input: null }),
      ];
      expect(await executions().archive(run, steps)).toBe(true);
      expect(await executions().get('run')).toEqual({
        ...run,
        stepsCount: 3,
        steps: steps.map((one) => ({ ...one, id: `run/${one.path}` })),
      });
    });

    it('has nothing under an unknown id', async () => {
      expect(await executions().get('nothing')).toBeUndefined();
    });

    it('never changes a run that has ended', async () => {
      await executions().archive(execution('run', { output: 1 }), [step('a')]);
      const again = execution('run', { status: 'failure', output: 2 });
      expect(await executions().archive(again, [step('b'), step('c')])).toBe(false);
      expect(await executions().get('run')).toMatchObject({
        status: 'success',
        output: 1,
        stepsCount: 1,
        steps: [{ path: 'a' }],
      });
    });

    it('replaces a run that had not ended yet', async () => {
      await executions().archive(execution('run', { status: 'running', endedAt: null }), [
        step('a'),
        step('b'),
      ]);
      expect(await executions().archive(execution('run'), [step('a')])).toBe(true);
      expect(await executions().get('run')).toMatchObject({ status: 'success', steps: [{ path: 'a' }] });
    });

    it('is written once by ten simultaneous archivers', async () => {
      const written = await Promise.all(
        Array.from({ length: 10 }, () => executions().archive(execution('run'), [step('a'), step('b')])),
      );
      expect(written.filter(Boolean)).toHaveLength(1);
      expect((await executions().get('run'))?.steps).toHaveLength(2);
    });

    it('writes nothing at all where a step cannot be written', async () => {
      await expect(executions().archive(execution('run'), [step('a'), step('a')])).rejects.toMatchObject(
        saying(/unique/i),
      );
      expect(await executions().get('run')).toBeUndefined();
      expect(await executions().archive(execution('run'), [step('a')])).toBe(true);
    });

    it('takes a thousand steps, and durations of more than a month with fractions', async () => {
      const month = 31 * 86_400_000;
      const steps = Array.from({ length: 1234 }, (_, n) => step(`each[${n}].a`));
      await executions().archive(execution('run', { durationMs: month + 0.4 }), steps);
      const read = await executions().get('run');
      expect(read?.durationMs).toBe(month);
      expect(read?.steps.map(({ path }) => path)).toEqual(steps.map(({ path }) => path));
    });

    it('says which of many ids are archived', async () => {
      for (const id of ['a', 'b']) await executions().archive(execution(id), []);
      const many = Array.from({ length: 1500 }, (_, n) => `run-${n}`);
      expect(await executions().archivedAmong(['a', ...many, 'b'])).toEqual(new Set(['a', 'b']));
      expect(await executions().archivedAmong([])).toEqual(new Set());
    });

    it('pages through runs of the same instant without loss or repetition, newest first', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await executions().archive(execution(id), [step('x')]);
      await executions().archive(execution('newest', { startedAt: at(1) }), []);
      const all = await pages((page) => executions().list(page), 2);
      expect(all.map(ids)).toEqual([['newest', 'd'], ['c', 'b'], ['a']]);
      expect(all[2]?.[0]).toMatchObject({ stepsCount: 1, triggeredBy: { type: 'manual' } });
      expect(all[2]?.[0]).not.toHaveProperty('output');
      await expect(executions().list({ limit: 2, cursor: 'x' })).rejects.toMatchObject({
        code: 'request.bad_cursor',
      });
    });

    it('filters by workflow, status and time', async () => {
      await executions().archive(execution('a', { startedAt: at(1) }), []);
      await executions().archive(execution('b', { startedAt: at(2), status: 'failure' }), []);
      await executions().archive(
        execution('c', { startedAt: at(3), status: 'timeout', workflowId: 'other' }),
        [],
      );
      const found = async (filter: object) => ids((await executions().list({ limit: 9, ...filter })).items);
      expect(await found({})).toEqual(['c', 'b', 'a']);
      expect(await found({ workflowId: 'review' })).toEqual(['b', 'a']);
      expect(await found({ status: ['failure', 'timeout'] })).toEqual(['c', 'b']);
      expect(await found({ status: [] })).toEqual([]);
      expect(await found({ since: at(2) })).toEqual(['c', 'b']);
      expect(await found({ until: at(2) })).toEqual(['a']);
      expect(await found({ since: at(1), until: at(3), status: ['success'], workflowId: 'review' })).toEqual([
        'a',
      ]);
    });

    it('counts runs, their average time and how many succeeded', async () => {
      await executions().archive(execution('a', { durationMs: 100 }), []);
      await executions().archive(
        execution('b', { durationMs: 301, status: 'failure', startedAt: at(9) }),
        [],
      );
      await executions().archive(execution('c', { durationMs: null, status: 'running', endedAt: null }), []);
      await executions().archive(execution('d', { workflowId: 'other' }), []);
      const counted = await executions().statistics(['review', 'other', 'idle']);
      expect(Object.fromEntries(counted)).toEqual({
        review: { executions: 3, lastRun: at(9), averageRuntime: 201, successRate: 0.5 },
        other: { executions: 1, lastRun: at(0), averageRuntime: 100, successRate: 1 },
        idle: { executions: 0, lastRun: null, averageRuntime: 0, successRate: 0 },
      });
      expect(await executions().statistics([])).toEqual(new Map());
    });

    it('tells the last twenty runs of each workflow that ended, the oldest first', async () => {
      for (let n = 0; n < 23; n++)
        await executions().archive(
          execution(`run-${String(n).padStart(2, '0')}`, {
            startedAt: at(Math.floor(n / 2)),
            durationMs: n,
            status: n % 2 === 0 ? 'success' : 'failure',
          }),
          [],
        );
      await executions().archive(
        execution('open', { startedAt: at(99), durationMs: null, status: 'running', endedAt: null }),
        [],
      );
      await executions().archive(execution('alone', { workflowId: 'other', durationMs: null }), []);
      const idle = Array.from({ length: 600 }, (_, n) => `idle-${n}`);
      const recent = await executions().recent(['review', ...idle, 'other']);
      expect(recent.size).toBe(602);
      expect(recent.get('review')).toEqual(
        Array.from({ length: 20 }, (_, n) => ({
          executionId: `run-${String(n + 3).padStart(2, '0')}`,
          status: n % 2 === 0 ? 'failure' : 'success',
          duration: n + 3,
        })),
      );
      expect(recent.get('other')).toEqual([{ executionId: 'alone', status: 'success', duration: 0 }]);
      expect(recent.get('idle-7')).toEqual([]);
      expect(await executions().recent([])).toEqual(new Map());
    });
  });
}
