import { AppError } from '#shared/errors.ts';
import { type Stored, unpack } from '#shared/execution/protocol.ts';
import { finish, namesWanted } from '#shared/expression/index.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import type { SecretReader } from '#shared/node/secrets/secrets.ts';
import type { Mask } from './mask.ts';

/** Outputs up to this many characters of JSON stay in the run's history; of larger ones, the large parts are stored. */
const LARGEST_OUTPUT = 128 * 1024;

/** Parts of a large output that are worth storing by themselves, in characters of JSON. */
const LARGE_PART = 16 * 1024;

const PREVIEW = 200;

async function store(value: Json, blobs: Blobs): Promise<JsonObject> {
  const text = JSON.stringify(value);
  const bytes = new TextEncoder().encode(text);
  const preview = (typeof value === 'string' ? value : text).slice(0, PREVIEW);
  return { $blob: await blobs.put(bytes), bytes: bytes.length, preview };
}

/** Entries as own properties, whatever their names. */
async function mapObject(value: JsonObject, change: (item: Json) => Promise<Json>): Promise<JsonObject> {
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) entries.push([key, await change(item)]);
  return Object.fromEntries(entries);
}

async function storeParts(value: Json, blobs: Blobs): Promise<Json> {
  if (isObject(value) && !('$blob' in value)) {
    const kept = await mapObject(value, (part) => storeParts(part, blobs));
    return JSON.stringify(kept).length > LARGEST_OUTPUT ? store(value, blobs) : kept;
  }
  return JSON.stringify(value).length > LARGE_PART ? store(value, blobs) : storePosers(value, blobs);
}

/**
 * An output fit to travel: the large strings and lists in it are stored, and stand in it as `{ $blob, bytes,
 * preview }`; its small parts stay in reach of expressions. What looks like such a reference but came from
 * outside is stored too, so that no data can pose as one.
 */
export async function storeLarge(output: Json, blobs: Blobs): Promise<Json> {
  const text = JSON.stringify(output);
  if (text.length > LARGEST_OUTPUT) return storeParts(output, blobs);
  return text.includes('"$blob"') ? storePosers(output, blobs) : output;
}

async function storePosers(value: Json, blobs: Blobs): Promise<Json> {
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) items.push(await storePosers(item, blobs));
    return items;
  }
  if (!isObject(value)) return value;
  return '$blob' in value ? store(value, blobs) : mapObject(value, (item) => storePosers(item, blobs));
}

/** What parameters are finished with. */
export interface Finishing {
  blobs: Blobs;
  secrets: SecretReader;
  /** Gets to know every secret that is used. */
  mask: Mask;
  /** Secrets of the workflow's other steps, for the mask to know too. */
  others: readonly string[];
}

/** Opens each secret once. One that only other steps use may be missing: the step that needs it says so. */
async function openAll(
  wanted: readonly string[],
  { secrets, mask, others }: Finishing,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of new Set([...wanted, ...others]))
    try {
      values[name] = await secrets.get(name);
    } catch (thrown) {
      if (wanted.includes(name) || !AppError.is(thrown) || thrown.code !== 'secret.unknown') throw thrown;
    }
  mask.add(Object.values(values));
  return values;
}

/** Parameters with every stored value loaded and every unfinished template, those with secrets too, finished. */
export async function finishParameters(parameters: JsonObject | Stored, finishing: Finishing): Promise<Json> {
  const { blobs } = finishing;
  const text = async (ref: string): Promise<string> => new TextDecoder().decode(await blobs.get(ref));
  const load = async ({ $blob }: JsonObject): Promise<Json> => JSON.parse(await text(String($blob))) as Json;
  const unfinished = await unpack<JsonObject>(parameters, text);
  const secrets = await openAll(namesWanted(unfinished, 'secrets'), finishing);
  return finish(unfinished, load, { secrets });
}
