import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'yaml';
import type { Template } from '#shared/contract/workflow.ts';
import { isObject, type JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';

const FOLDER = new URL('../../definitions/', import.meta.url);

/** Lines of a definition's head that only its tests read. */
const FOR_TESTS = /^# (requires|input|expect):/;

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** The comment a definition begins with, without what is for tests, and the definition below it. */
function headed(text: string): { head: string[]; body: string } {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => !line.startsWith('#'));
  const comment = lines.slice(0, begin);
  const end = comment.findIndex((line) => FOR_TESTS.test(line));
  return { head: end === -1 ? comment : comment.slice(0, end), body: lines.slice(begin).join('\n') };
}

/** A template of a definition's text; `name` stands in for an id it has not. */
export function templateOf(name: string, text: string): Template {
  const { head, body } = headed(text);
  const value: unknown = parse(body);
  const definition = isObject(value) ? (value as JsonObject) : {};
  const comment = head.map((line) => line.replace(/^#\s?/, '')).join(' ');
  return {
    id: textOf(definition.id, name),
    title: textOf(definition.name, name),
    description: textOf(definition.description, comment),
    source: 'product',
    definition,
    text: [...head, body].join('\n'),
  };
}

async function readAll(): Promise<Template[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name) =>
      templateOf(basename(name, '.yaml'), await readFile(new URL(name, FOLDER), 'utf8')),
    ),
  );
}

let product: Promise<Template[]> | undefined;

/** Every workflow to begin from: those that come with the product, and those of plugins that run. */
export async function templates({ plugins }: Pick<Deps, 'plugins'>): Promise<Template[]> {
  product ??= readAll().catch((thrown: unknown) => {
    product = undefined;
    throw thrown;
  });
  const running = (plugins.known() ?? []).filter(({ status }) => status === 'running');
  const brought = running.flatMap((plugin) =>
    plugin.templates.map(({ id, title, description, definition }) => ({
      id,
      title,
      description,
      source: plugin.id,
      definition: definition as JsonObject,
    })),
  );
  return [...(await product), ...brought];
}
