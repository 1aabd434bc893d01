import type { Endpoint } from './endpoint.ts';
import { meaning } from './errors.ts';
import type { Ask, Turn } from './provider.ts';
import { openWire } from './wire.ts';

/** How one wire format is spoken through `fetch`, which carries key and headers. */
export type Complete = (endpoint: Endpoint, ask: Ask, fetch: typeof globalThis.fetch) => Promise<Turn>;

/** Asks once; whatever goes wrong becomes an error of ours, and no connection is left. */
export async function call(endpoint: Endpoint, ask: Ask, complete: Complete): Promise<Turn> {
  ask.signal.throwIfAborted();
  const wire = openWire(endpoint, ask);
  try {
    return await complete(endpoint, ask, wire.fetch);
  } catch (thrown) {
    ask.signal.throwIfAborted();
    throw meaning(thrown, wire.seen, endpoint, ask.model);
  } finally {
    await wire.close();
  }
}
