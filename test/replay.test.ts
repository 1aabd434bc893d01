import { readdirSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { rebuild } from '#api/executions/read.ts';
import { decode } from '#api/temporal/decode.ts';
import { type Run, UPDATES } from '#shared/execution/protocol.ts';
import { bundleWorkflows } from '#workers/worker.ts';
import { historyCases } from './support/history-cases.ts';
import { type RecordedHistory, readHistory } from './support/history-file.ts';
import { plain } from './support/runner.ts';

jest.setTimeout(60_000);

const FOLDER = new URL('./histories/', import.meta.url);

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json') && !name.endsWith('.state.json'))
  .map((name) => name.replace('.json', ''))
  .sort();

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** Replays histories with the workflow code as it is now; answers each one's error. */
async function replay(histories: { workflowId: string; history: unknown }[]): Promise<(Error | undefined)[]> {
  const workflowBundle = { code: await bundleWorkflows() };
  const errors: (Error | undefined)[] = [];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) errors.push(error);
  return errors;
}

const eachOf = ({ workflowId, histories }: RecordedHistory) =>
  histories.map((history) => ({ workflowId, history }));

/** The state that the histories tell, as the api reads them. */
function told({ workflowId, histories }: RecordedHistory): unknown {
  const chain = histories.map(({ events }) => {
    const recorded = decode(events ?? []);
    const [start] = recorded;
    if (start?.type !== 'started') throw new Error('A history begins with its start.');
    return { run: start.input as Run, events: recorded };
  });
  return plain(rebuild(workflowId, chain).machine?.state);
}

describe('the histories recorded of earlier runs', () => {
  it('are there for every case, and use every kind of message', () => {
    expect(names).toEqual(historyCases.map(({ name }) => name).sort());
    const recorded = names.flatMap((name) =>
      readHistory(FOLDER, name).histories.flatMap(({ events }) => decode(events ?? [])),
    );
    const updates = new Set(recorded.flatMap((event) => (event.type === 'update' ? [event.name] : [])));
    expect([...updates].sort()).toEqual([...UPDATES].sort());
    const types = new Set(recorded.map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining(['cancel_requested', 'continued', 'timer_fired', 'activity_ended']),
    );
    expect(JSON.stringify(recorded)).toContain('"runner.breathe"');
  });

  it('replay with the workflow code as it is now', async () => {
    const histories = names.flatMap((name) => eachOf(readHistory(FOLDER, name)));
    expect(await replay(histories)).toEqual(histories.map(() => undefined));
  });

  it.each(names)('tell the state that the live run ended in: %s', (name) => {
    const recorded = readHistory(FOLDER, name);
    expect(told(recorded)).toEqual(recorded.state);
  });

  it('do not replay once a step has another name', async () => {
    const [only] = eachOf(readHistory(FOLDER, 'retried'));
    for (const { activityTaskScheduledEventAttributes: scheduled } of only?.history.events ?? [])
      if (scheduled?.activityId === 'stand_in') scheduled.activityId = 'another';
    const [error] = await replay(only ? [only] : []);
    expect(error).toBeInstanceOf(DeterminismViolationError);
  });
});
