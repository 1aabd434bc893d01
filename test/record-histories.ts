import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { temporal } from '@temporalio/proto';
import type { State } from '#shared/machine/state.ts';
import { startAiServer } from './support/ai-server.ts';
import { type HistoryCase, historyCases } from './support/history-cases.ts';
import { historyToObject } from './support/history-file.ts';
import { type Runner, startRunner } from './support/runner.ts';
import { startFileServer } from './support/temporal.ts';

const FOLDER = fileURLToPath(new URL('./histories/', import.meta.url));

/** Leaves out what is particular to the machine that recorded: names of processes, paths in stack traces. */
const scrubbed = (key: string, value: unknown): unknown => {
  if (key === 'identity') return 'recorder';
  if (key === 'stackTrace') return '';
  return typeof value === 'string' ? value.replaceAll(hostname(), 'recorder') : value;
};

async function chainOf({ client }: Runner, workflowId: string): Promise<unknown[]> {
  const chain: unknown[] = [];
  let runId: string | undefined;
  do {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    chain.unshift(JSON.parse(JSON.stringify(historyToObject(history)), scrubbed));
    const [first] = (history.events ?? []) as temporal.api.history.v1.IHistoryEvent[];
    runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  } while (runId !== undefined);
  return chain;
}

/** Runs a case and writes its histories, and beside them the state that the live run ended in. */
async function record(runner: Runner, { name, run, people }: HistoryCase): Promise<void> {
  const handle = await runner.start(run);
  await people?.(handle, runner);
  await handle.result().catch(() => undefined);
  const { workflowId } = handle;
  const histories = await chainOf(runner, workflowId);
  const state = await handle.query<State | null>('state');
  await writeFile(join(FOLDER, `${name}.json`), `${JSON.stringify({ workflowId, histories })}\n`);
  await writeFile(join(FOLDER, `${name}.state.json`), `${JSON.stringify(state)}\n`);
  process.stdout.write(`${name}: ${state?.ending?.outcome}, histories: ${histories.length}\n`);
}

/**
 * Records histories of real runs into `test/histories`; names on the command line choose among the cases. Record
 * anew only what a deliberate change of the engine no longer replays: old executions are then stuck as well.
 */
async function main(names: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'acas-histories-'));
  const server = await startFileServer(folder);
  process.env.ACAS_TEST_TEMPORAL = server.address;
  const ai = await startAiServer();
  const runner = await startRunner({
    environment: { ANTHROPIC_API_KEY: 'sk-recorded', ANTHROPIC_BASE_URL: ai.baseUrl('claude') },
  });
  try {
    await mkdir(FOLDER, { recursive: true });
    for (const one of historyCases)
      if (names.length === 0 || names.includes(one.name)) {
        ai.say(...(one.says ?? []));
        await record(runner, one);
      }
  } finally {
    await runner.stop();
    await ai.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
