import { z } from 'zod';
import type { Json, JsonObject } from '#shared/json.ts';
import { defineAction, Terminal } from '../../action.ts';
import { type Child, cancelChild, follow, startChild } from './_child.ts';
import { loaded } from './_loaded.ts';

const input = z.strictObject({
  workflowId: z.string().min(1).max(200).describe('Id of the workflow; its published version runs'),
  variables: z.record(z.string(), z.json()).default({}).describe('Values of its variables'),
  wait: z
    .boolean()
    .default(true)
    .describe('Whether the step lasts until the execution has ended, and fails if that fails'),
});

const DAY = 24 * 60 * 60 * 1_000;

/** Whether a signal says that the run was cancelled, rather than that the worker ends or time is up. */
const isCancel = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof Error && reason.message === 'CANCELLED';

const failed = (workflowId: string, { executionId, status, error }: Child): Terminal =>
  new Terminal(
    'workflow.failed',
    `The execution ${executionId} of "${workflowId}" ended as ${status}${error ? `: ${error.message}` : ''}.`,
    {
      fix: typeof error?.fix === 'string' ? error.fix : 'Look at that execution.',
      details: { executionId, status, error } as Json,
    },
  );

export default defineAction({
  type: 'workflow.run',
  title: 'Run a workflow',
  description:
    'Starts an execution of another workflow, once however often the step is tried, and waits for its end. A cancel of the step cancels it too.',
  icon: 'workflow',
  input,
  output: z.object({
    executionId: z.string().describe('Id of the execution'),
    status: z.string().describe('success, or running where it was not waited for'),
    output: z.json().describe('What the workflow gave; null where it was not waited for'),
  }),
  effect: 'write',
  idempotent: true,
  defaults: { timeout: DAY },
  examples: [
    {
      title: 'Deploy with a workflow of its own',
      input: { workflowId: 'deploy', variables: { version: '1.2.3' } },
      needsNetwork: true,
    },
  ],
  dryRun: ({ workflowId, wait }) => `Run the workflow ${workflowId}${wait ? ' and wait for its end' : ''}.`,
  async run(attempt) {
    const { input, signal, blobs, report } = attempt;
    const executionId = await startChild(attempt, input.workflowId, input.variables as JsonObject);
    report({ executionId, status: 'running' });
    try {
      signal.throwIfAborted();
      if (!input.wait) return { executionId, status: 'running', output: null };
      const child = await follow(attempt, executionId, (status) => report({ executionId, status }));
      if (child.status !== 'success') throw failed(input.workflowId, child);
      return { executionId, status: child.status, output: await loaded(child.output, blobs) };
    } catch (thrown) {
      if (isCancel(signal)) await cancelChild(attempt, executionId);
      throw thrown;
    }
  },
});
