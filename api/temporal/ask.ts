import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/** A question that only a worker can answer, by a short workflow of its own. */
export interface Question {
  /** Type of the workflow; the id of each asking begins with it too. */
  type: string;
  /** The question in words, for Temporal Web. */
  words: string;
  args?: unknown[];
  /** Milliseconds a worker may take to answer. */
  patience: number;
}

/** A worker's answer. Throws where none gives one in time. */
export function askWorker<Answer>(
  { client, taskQueue }: { client: Client; taskQueue: string },
  { type, words, args = [], patience }: Question,
): Promise<Answer> {
  return client.withDeadline(Date.now() + patience, () =>
    client.workflow.execute<(...args: unknown[]) => Promise<Answer>>(type, {
      workflowId: `${type}-${randomUUID()}`,
      taskQueue,
      workflowExecutionTimeout: patience,
      staticSummary: words,
      args,
    }),
  );
}
