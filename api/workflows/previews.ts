import { randomUUID } from 'node:crypto';
import { messageOf } from '#shared/errors.ts';
import { PREVIEW, type Previewed, type Previews } from '#shared/execution/preview.ts';
import type { Deps } from '../deps.ts';

/** How long a worker may take to answer, in milliseconds. */
const PATIENCE = 2_000;

/** Characters of parameters that one question holds; what is beyond is not asked for. */
const LARGEST = 500_000;

function affordable(actions: Previewed[]): Previewed[] {
  let size = 0;
  return actions.filter((action) => {
    size += JSON.stringify(action).length;
    return size <= LARGEST;
  });
}

/**
 * What actions would do, by the words of the worker that has them; nothing is done. Without a worker nothing is said:
 * a dry run needs none.
 */
export async function previewsOf({ client, taskQueue, log }: Deps, actions: Previewed[]): Promise<Previews> {
  if (actions.length === 0) return [];
  try {
    return await client.withDeadline(Date.now() + PATIENCE, () =>
      client.workflow.execute<(asked: Previewed[]) => Promise<Previews>>(PREVIEW, {
        workflowId: `preview-${randomUUID()}`,
        taskQueue,
        workflowExecutionTimeout: PATIENCE,
        staticSummary: 'What would these actions do?',
        args: [affordable(actions)],
      }),
    );
  } catch (thrown) {
    log.debug({ error: messageOf(thrown) }, 'no worker told what actions would do');
    return [];
  }
}
