import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { AppError } from '#shared/errors.ts';
import { type Run, unpack } from '#shared/execution/protocol.ts';
import type { Recorded } from '#shared/execution/recorded.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import { decode } from './decode.ts';

/** Histories a long execution may be spread over that a view looks back on for details of its early steps. */
const LONGEST_CHAIN = 100;

/** One history of an execution's chain, with the run it started from. */
export interface RecordedRun {
  run: Run;
  events: Recorded[];
}

async function fetchHistory(
  client: Client,
  workflowId: string,
  runId: string | undefined,
): Promise<Recorded[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return decode((events ?? []) as temporal.api.history.v1.IHistoryEvent[]);
}

async function recordedRun(events: Recorded[], blobs: Blobs): Promise<RecordedRun> {
  const start = events.find((event) => event.type === 'started');
  if (start?.type !== 'started')
    throw new AppError('execution.not_found', 'The history of this execution does not begin with its start.');
  const run = await unpack(start.input, async (ref) => new TextDecoder().decode(await blobs.get(ref)));
  return { run, events };
}

/** The histories of an execution, oldest first: one, or several where it went on in fresh ones. */
export async function fetchChain(client: Client, blobs: Blobs, workflowId: string): Promise<RecordedRun[]> {
  const chain: RecordedRun[] = [];
  let runId: string | undefined;
  do {
    const events = await fetchHistory(client, workflowId, runId);
    chain.unshift(await recordedRun(events, blobs));
    const [start] = events;
    runId = start?.type === 'started' ? start.continuedFrom : undefined;
  } while (runId !== undefined && chain.length < LONGEST_CHAIN);
  return chain;
}
