import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Catalog, catalogSchema } from '#shared/catalog/catalog.ts';
import { factsOf } from '#shared/catalog/facts.ts';
import { isObject, type Json } from '#shared/json.ts';
import { defineAction } from './action.ts';
import { catalogOf } from './catalog.ts';
import { catalogPage } from './catalog-page.ts';
import { loadActions, type Registry } from './registry.ts';

let registry: Registry;
let catalog: Catalog;
beforeAll(async () => {
  registry = await loadActions();
  catalog = catalogOf(registry);
});

/** Every property anywhere in a schema, with its name. */
function* propertiesIn(schema: Json, path = ''): Generator<[string, Json]> {
  if (!isObject(schema)) return;
  for (const [name, field] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    yield [`${path}.${name}`, field];
    yield* propertiesIn(field, `${path}.${name}`);
    if (isObject(field)) yield* propertiesIn(field.items ?? null, `${path}.${name}[]`);
  }
}

describe('the catalogue', () => {
  it('holds every action, and survives JSON', () => {
    expect(catalog.actions.map(({ type }) => type)).toEqual([...registry.keys()]);
    expect(catalogSchema.parse(JSON.parse(JSON.stringify(catalog)))).toEqual(catalog);
  });

  it('describes every parameter and every output', () => {
    const bare = catalog.actions.flatMap(({ type, input, output }) =>
      [input, output].flatMap((schema) =>
        [...propertiesIn(schema, type)]
          .filter(([, field]) => !isObject(field) || !field.description)
          .map(([path]) => path),
      ),
    );
    expect(bare).toEqual([]);
  });

  it('says nothing of bounds that are those of every number', () => {
    expect(JSON.stringify(catalog)).not.toContain('9007199254740991');
  });

  it('requires of the input only what has no default', () => {
    const write = catalog.actions.find(({ type }) => type === 'file.write');
    expect(write?.input.required).toEqual(['path', 'content']);
    expect(write?.input.additionalProperties).toBe(false);
  });
});

describe('the facts of a run', () => {
  it('are those of each action, with a minute for one attempt unless it says otherwise', () => {
    const facts = factsOf(catalog);
    expect(facts['file.read']).toEqual({ timeout: 60_000, retry: {}, idempotent: true });
    expect(facts['shell.run']).toEqual({
      timeout: 300_000,
      retry: { maximumAttempts: 1 },
      idempotent: false,
    });
  });

  it('call an action that is idempotent only at times not idempotent', () => {
    expect(factsOf(catalog)['http.request']?.idempotent).toBe(false);
  });
});

describe('the page of the documentation', () => {
  it('has a section for each action, with its parameters and examples', () => {
    const page = catalogPage(catalog);
    for (const { type } of catalog.actions) expect(page).toContain(`\n## ${type}\n`);
    expect(page).toContain('| `append` | boolean | `false` |');
    expect(page).not.toMatch(/undefined|\[object/);
  });

  it('keeps what is written in an action from breaking its tables', () => {
    const odd = defineAction({
      type: 'x.y',
      title: 'a | b',
      description: '',
      icon: '',
      effect: 'read',
      idempotent: true,
      examples: [],
      input: z.object({ p: z.string().describe('one | two\nthree') }),
      output: z.object({}),
      run: async () => ({}),
    });
    expect(catalogPage(catalogOf(new Map([['x.y', odd]])))).toContain(
      '| `p` | string | required | one \\| two three |',
    );
  });
});
