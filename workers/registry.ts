import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Action } from './action.ts';

const FOLDER = fileURLToPath(new URL('./actions/', import.meta.url));

export type Registry = ReadonlyMap<string, Action>;

const isAction = (file: string): boolean =>
  /\.ts$/.test(file) && !/\.(test|spec)\.ts$/.test(file) && !/(^|\/)_/.test(file);

/** `file/read.ts` holds the action `file.read`. Files whose name begins with `_` are helpers. */
const typeOf = (file: string): string => file.replace(/\.ts$/, '').split(sep).join('.').replaceAll('-', '_');

async function load(file: string): Promise<Action> {
  const { default: action } = (await import(pathToFileURL(join(FOLDER, file)).href)) as { default?: Action };
  if (!action)
    throw new Error(`workers/actions/${file} has no default export; export defineAction({ … }) from it.`);
  if (action.type !== typeOf(file))
    throw new Error(
      `workers/actions/${file} declares "${action.type}"; by its place it must be "${typeOf(file)}".`,
    );
  return action;
}

/** Every action there is: one file each under `workers/actions/<group>/`. */
export async function loadActions(): Promise<Registry> {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)))
    .filter(isAction)
    .sort();
  const actions = new Map<string, Action>();
  // One after the other: Jest cannot link modules that are imported at the same time.
  for (const file of files) {
    const action = await load(file);
    actions.set(action.type, action);
  }
  return actions;
}
