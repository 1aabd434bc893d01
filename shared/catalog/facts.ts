import { isObject, type JsonObject } from '../json.ts';
import type { Facts } from '../machine/protocol.ts';
import type { Catalog } from './catalog.ts';

/** Longest time of one attempt where neither action nor step says, in milliseconds. */
export const DEFAULT_TIMEOUT = 60_000;

/** The default of the parameter `includeContext`. */
function includesContext({ properties }: JsonObject): boolean {
  const { includeContext } = isObject(properties) ? properties : {};
  return isObject(includeContext) && includeContext.default === true;
}

/** What the machine must know of each action, for a run's start. */
export const factsOf = ({ actions }: Catalog): Facts =>
  Object.fromEntries(
    actions.map(({ type, timeout, retry, idempotent, contextual, input }) => [
      type,
      { timeout, retry, idempotent, ...(contextual && { context: includesContext(input) }) },
    ]),
  );
