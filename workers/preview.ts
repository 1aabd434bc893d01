import { PREVIEW_ACTIONS, type Previewed, type Previews } from '#shared/execution/preview.ts';
import { isObject, type Json } from '#shared/json.ts';
import type { Registry } from './registry.ts';

/** Characters of one preview. */
const LONGEST = 1_000;

/** Unfinished templates as they were written, and stored values by their beginnings: a preview opens nothing. */
function asShown(value: Json): Json {
  if (Array.isArray(value)) return value.map(asShown);
  if (!isObject(value)) return value;
  if (isObject(value.$deferred)) return String(value.$deferred.template);
  if (typeof value.$blob === 'string') return `${String(value.preview)}…`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asShown(item)]));
}

function previewOf(registry: Registry, { action: type, parameters }: Previewed): string | null {
  const action = registry.get(type);
  const input = action?.input.safeParse(asShown(parameters));
  const sentence = input?.success ? action?.dryRun?.(input.data) : undefined;
  return sentence?.slice(0, LONGEST) ?? null;
}

/** The activity by which a worker tells the API what actions would do. Nothing is done. */
export const previewActivities = (registry: Registry) => ({
  [PREVIEW_ACTIONS]: async (actions: Previewed[]): Promise<Previews> =>
    actions.map((action) => previewOf(registry, action)),
});
