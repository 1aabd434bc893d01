import { DEEPEST } from '#shared/execution/protocol.ts';
import { isObject } from '#shared/json.ts';
import { type Attempt, Terminal } from '../action.ts';
import { type ApiCall, executionOf, executionPath, insistOnApi } from './_api.ts';

/** An attempt that starts other workflows through the API. */
export type Caller = Pick<Attempt<unknown>, 'settings' | 'idempotencyKey' | 'signal'>;

/**
 * How many workflows have started each other, the attempt's own included, so that none goes round for ever.
 * @throws Terminal `workflow.too_deep`, and what {@link insistOnApi} throws
 */
export async function depthOf(
  { settings: { apiUrl }, idempotencyKey, signal }: Caller,
  codes: ApiCall['codes'],
): Promise<number> {
  const path = executionPath(executionOf(idempotencyKey));
  const { triggeredBy } = await insistOnApi({ apiUrl, method: 'GET', path, signal, codes });
  const depth = (isObject(triggeredBy) ? Number(triggeredBy.depth) || 0 : 0) + 1;
  if (depth <= DEEPEST) return depth;
  throw new Terminal('workflow.too_deep', `More than ${DEEPEST} workflows have started each other.`, {
    fix: 'Look for a workflow that runs itself, directly or through others.',
  });
}
