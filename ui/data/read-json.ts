import type { Json } from '#shared/json.ts';

/** What a text says as JSON; undefined where it is none, which is said beside the field it is written in. */
export function readJson(text: string): { value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}
