import { parse, stringify } from 'yaml';
import { isObject, type JsonObject } from '#shared/json.ts';

/** Steps as text for the clipboard: YAML that a definition could hold. */
export const stepsText = (steps: readonly JsonObject[]): string => stringify({ steps }, { lineWidth: 0 });

/** The steps in a text from the clipboard: a list of them, one, or a whole definition. Undefined where there are none. */
export function readSteps(text: string): JsonObject[] | undefined {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch {
    // Other people's clipboards hold all kinds of things; what is no YAML holds no steps.
    return undefined;
  }
  const list =
    isObject(value) && Array.isArray(value.steps) ? value.steps : Array.isArray(value) ? value : [value];
  const steps = list.filter((step): step is JsonObject => isObject(step) && typeof step.type === 'string');
  return steps.length > 0 && steps.length === list.length ? steps : undefined;
}
