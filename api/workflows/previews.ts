import { messageOf } from '#shared/errors.ts';
import { PREVIEW, type Previewed, type Previews } from '#shared/execution/preview.ts';
import type { Deps } from '../deps.ts';
import { askWorker } from '../temporal/ask.ts';

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
export async function previewsOf(deps: Deps, actions: Previewed[]): Promise<Previews> {
  if (actions.length === 0) return [];
  try {
    return await askWorker<Previews>(deps, {
      type: PREVIEW,
      words: 'What would these actions do?',
      args: [affordable(actions)],
      patience: PATIENCE,
    });
  } catch (thrown) {
    deps.log.debug({ error: messageOf(thrown) }, 'no worker told what actions would do');
    return [];
  }
}
