import { isObject, type Json } from '#shared/json.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import { Terminal } from '../../action.ts';

/** Most bytes that an output may load. */
const LARGEST = 32 * 1024 * 1024;

/** An output with its stored parts in their places. Throws Terminal `workflow.output_too_large`. */
export async function loaded(output: Json, blobs: Blobs): Promise<Json> {
  let left = LARGEST;
  const load = async (value: Json): Promise<Json> => {
    if (Array.isArray(value)) {
      const items: Json[] = [];
      for (const item of value) items.push(await load(item));
      return items;
    }
    if (!isObject(value)) return value;
    if (typeof value.$blob === 'string') {
      left -= Number(value.bytes) || 0;
      if (left < 0)
        throw new Terminal('workflow.output_too_large', 'The output of the workflow is larger than 32 MiB.', {
          fix: 'Let it write a file, and give the path.',
        });
      return JSON.parse(new TextDecoder().decode(await blobs.get(value.$blob))) as Json;
    }
    const entries: [string, Json][] = [];
    for (const [key, item] of Object.entries(value)) entries.push([key, await load(item)]);
    return Object.fromEntries(entries);
  };
  return load(output);
}
