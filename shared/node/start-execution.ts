import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  TypedSearchAttributes,
} from '@temporalio/common';
import { EXECUTION, pack, type Run } from '../execution/protocol.ts';
import type { JsonObject } from '../json.ts';
import type { Blobs } from './blobs/blobs.ts';

/** Search attributes of executions. */
export const attributes = {
  workflow: defineSearchAttributeKey('AcasWorkflow', 'KEYWORD'),
  version: defineSearchAttributeKey('AcasVersion', 'INT'),
  status: defineSearchAttributeKey('AcasStatus', 'KEYWORD'),
  trigger: defineSearchAttributeKey('AcasTrigger', 'KEYWORD'),
  retryOf: defineSearchAttributeKey('AcasRetryOf', 'KEYWORD'),
  waitsFor: defineSearchAttributeKey('AcasWaitsFor', 'KEYWORD'),
};

/** What lists say about how an execution came about; small, for memos are. */
function triggerSummary(trigger: JsonObject): JsonObject {
  const scalars = Object.entries(trigger).filter(
    ([, value]) => typeof value !== 'object' && String(value).length <= 300,
  );
  return Object.fromEntries(scalars.slice(0, 8));
}

/** Start options that every execution has, however it is started. */
export function startOptions(run: Run, taskQueue: string) {
  const pairs: SearchAttributePair[] = [
    { key: attributes.workflow, value: run.workflow.id },
    { key: attributes.version, value: run.workflowVersion },
    { key: attributes.status, value: 'running' },
    { key: attributes.trigger, value: String(run.trigger.type ?? 'manual') },
  ];
  if (run.retryOf) pairs.push({ key: attributes.retryOf, value: run.retryOf });
  return {
    taskQueue,
    typedSearchAttributes: new TypedSearchAttributes(pairs),
    memo: { trigger: triggerSummary(run.trigger) },
    staticSummary: run.workflow.name.slice(0, 200),
  };
}

/** Where executions are started, and where runs too large to travel are kept. */
export interface Starter {
  client: Client;
  blobs: Blobs;
  taskQueue: string;
}

/** A start input for a run; of a large one, the parts are stored first. */
export const packed = (run: Run, blobs: Blobs) =>
  pack(run, (part) => blobs.put(new TextEncoder().encode(part)));

/**
 * Starts an execution. Once this resolves, Temporal has it and it cannot be lost. An id that was started before
 * starts nothing again: one event, one run; the answer is then false.
 */
export async function startRun(
  { client, blobs, taskQueue }: Starter,
  run: Run,
  id: string,
): Promise<boolean> {
  try {
    const args: [Awaited<ReturnType<typeof packed>>] = [await packed(run, blobs)];
    await client.workflow.start(EXECUTION, {
      ...startOptions(run, taskQueue),
      workflowId: id,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args,
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw thrown;
  }
}
