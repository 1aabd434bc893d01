import { isMap, parseDocument, stringify } from 'yaml';
import type { Catalog } from '#shared/catalog/catalog.ts';
import { loadData, loadText } from '#shared/definition/load.ts';
import type { Problem } from '#shared/definition/problem.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { Json, JsonObject } from '#shared/json.ts';

/** A definition as it was written, or as data. */
export type Given = string | JsonObject;

/** A definition that was read and checked. */
export interface Checked {
  /** There as soon as the definition has the right shape, even where checks have found problems. */
  workflow: Workflow | undefined;
  problems: Problem[];
  /** What the text says as data; undefined where it could not be read at all. */
  value: Json | undefined;
}

/** What takes time that grows with a definition. Each is given the catalogue to check against. */
const tasks = {
  check(catalog: Catalog, definition: Given): Checked {
    const { workflow, problems, source } =
      typeof definition === 'string' ? loadText(definition, catalog) : loadData(definition, catalog);
    return { workflow, problems, value: source.value };
  },

  /** YAML with another head; its comments stay. What cannot be read stays as it is. */
  rename(_: Catalog, source: string, head: JsonObject): string {
    const document = parseDocument(source);
    if (document.errors.length > 0 || !isMap(document.contents)) return source;
    for (const [key, value] of Object.entries(head)) document.set(key, value);
    return document.toString();
  },

  toYaml: (_: Catalog, definition: JsonObject): string => stringify(definition),
};

type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskOutput<Name extends TaskName> = ReturnType<Tasks[Name]>;
export type TaskInput<Name extends TaskName> =
  Parameters<Tasks[Name]> extends [Catalog, ...infer Input] ? Input : never;

/** A task to be done, with a look at plugins or without. */
export interface Task {
  task: TaskName;
  input: unknown[];
  isBare: boolean;
}

export const perform = ({ task, input }: Task, catalog: Catalog): unknown =>
  (tasks[task] as (catalog: Catalog, ...input: unknown[]) => unknown)(catalog, ...input);

/** What the thread is sent: new plugins for its catalogue, or a task. */
export type Order = { plugins: Catalog['plugins'] } | Task;

/** What the thread answers to a task. */
export type Outcome = { output: unknown } | { error: string };
