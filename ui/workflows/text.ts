import { stringify } from 'yaml';
import type { Template } from '#shared/contract/workflow.ts';
import { isObject } from '#shared/json.ts';

/** A definition as the API takes it. */
export interface DefinitionText {
  text: string;
  format: 'yaml' | 'json';
}

/** The least there can be of a workflow: a name and no steps. */
export const emptyWorkflow = (name: string): DefinitionText => ({
  text: stringify({ name, steps: [] }),
  format: 'yaml',
});

/** JSON where the text reads as an object of it; YAML otherwise. */
export function withFormat(text: string): DefinitionText {
  try {
    if (isObject(JSON.parse(text))) return { text, format: 'json' };
  } catch {
    // Then it is YAML, or neither: the API says what is wrong with it.
  }
  return { text, format: 'yaml' };
}

/** The definition without the id it has at its top, so that it gets a new one after its name. */
export function withoutId({ text, format }: DefinitionText): DefinitionText {
  if (format === 'yaml') return { format, text: text.replace(/^id:.*(\r?\n|$)/m, '') };
  const { id: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return { format, text: JSON.stringify(rest, null, 2) };
}

/** What a template begins with: its text, comments and all, where it has one. */
export const ofTemplate = ({ text, definition }: Pick<Template, 'text' | 'definition'>): DefinitionText =>
  withoutId({ format: 'yaml', text: text ?? stringify(definition) });

/** Names of the steps of a definition, those outside of loops and branches only. */
export function stepNames({ steps }: Template['definition']): string[] {
  if (!Array.isArray(steps)) return [];
  return steps.filter(isObject).map(({ name, id, type }) => String(name ?? id ?? type ?? 'step'));
}
