import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Catalog } from '#shared/catalog/catalog.ts';
import { language } from '#shared/definition/language.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { applied, change, moved, renamed, valueAt } from './change.ts';
import { entries } from './entries.ts';
import { fieldsOf, kindOf, labelOf } from './field-kind.ts';
import { choiceOf, converted, firstValue, fits, optionLabels } from './fit.ts';
import { problemsAt, problemsElsewhere, problemsUnder } from './problems-at.ts';

const file = new URL('../../shared/catalog/catalog.generated.json', import.meta.url);
const { actions } = JSON.parse(readFileSync(file, 'utf8')) as Catalog;
const input = (type: string): JsonObject => actions.find((action) => action.type === type)?.input ?? {};
const config = (type: string): JsonObject =>
  language().steps.find((step) => step.type === type)?.config ?? {};
const kind = (root: JsonObject, name: string) => {
  const field = fieldsOf(root, root).find((one) => one.name === name);
  return kindOf(field?.schema ?? {}, root, name).type;
};

describe('the kind of a field', () => {
  it('follows from the schema of the action', () => {
    const http = input('http.request');
    expect(
      ['url', 'method', 'headers', 'query', 'body', 'followRedirects', 'maxBytes', 'expectStatus'].map(
        (name) => kind(http, name),
      ),
    ).toEqual(['text', 'choice', 'record', 'record', 'any', 'boolean', 'number', 'list']);
    const mail = input('notify.email');
    expect(['to', 'text', 'attachments'].map((name) => kind(mail, name))).toEqual(['union', 'long', 'list']);
    expect(kind(input('ai.generate'), 'prompt')).toBe('long');
    expect(kind(input('git.commit'), 'author')).toBe('object');
  });

  it('follows from the marks in the configs of steps', () => {
    expect(kind(config('condition'), 'expression')).toBe('expression');
    expect(['items', 'times', 'while', 'steps'].map((name) => kind(config('loop'), name))).toEqual([
      'any',
      'number',
      'expression',
      'steps',
    ]);
    expect(kindOf(config('delay'), config('delay')).type).toBe('union');
    expect(optionLabels((config('delay').anyOf ?? []) as JsonObject[], {})).toEqual(['For', 'Until']);
    expect(kind(config('parallel'), 'waitFor')).toBe('union');
    expect(kind(config('ai_flow'), 'tools')).toBe('list');
  });

  it('is known for every field of every action', () => {
    for (const { type, input: schema } of actions)
      for (const field of fieldsOf(schema, schema)) {
        const found = kindOf(field.schema, schema, field.name);
        if (field.standard !== undefined)
          expect([type, field.name, fits(found, field.standard, schema)]).toEqual([type, field.name, true]);
      }
  });

  it('has a label that reads well', () => {
    expect(['maxTokens', 'baseUrl', 'path', 'expect_status', 'x'].map(labelOf)).toEqual([
      'Max tokens',
      'Base URL',
      'Path',
      'Expect status',
      'X',
    ]);
  });
});

describe('the form of an action', () => {
  it.each(
    actions.flatMap(({ type, input: schema, examples }) =>
      examples.map((example) => [type, example.title, schema, example.input] as const),
    ),
  )('%s gives back its example "%s"', (_type, _title, schema, example) => {
    let value: Json | undefined = {};
    for (const entry of entries(schema, schema, example)) {
      expect(entry.kind).not.toBe('other');
      value = applied(value, change(value, entry.path, entry.value));
    }
    expect(value).toEqual(example);
  });
});

describe('a union', () => {
  const { anyOf } = isObject(input('notify.email').properties)
    ? ((input('notify.email').properties as JsonObject).to as JsonObject)
    : {};
  const options = anyOf as JsonObject[];

  it('is read as the schema that its value follows', () => {
    expect([
      choiceOf(options, 'a@b.c', {}),
      choiceOf(options, ['a@b.c'], {}),
      choiceOf(options, undefined, {}),
    ]).toEqual([0, 1, 0]);
    const delay = config('delay').anyOf as JsonObject[];
    expect([
      choiceOf(delay, { for: '5s' }, {}),
      choiceOf(delay, { until: 'x' }, {}),
      choiceOf(delay, {}, {}),
    ]).toEqual([0, 1, 0]);
    const wait: JsonObject[] = [{ type: 'string', enum: ['all', 'any'] }, { type: 'integer' }];
    expect([choiceOf(wait, 'any', {}), choiceOf(wait, 2, {})]).toEqual([0, 1]);
  });

  it('keeps what it can when it is changed', () => {
    expect(converted('a@b.c', options[1] ?? {}, {})).toEqual(['a@b.c']);
    expect(converted(['a@b.c', 'd'], options[0] ?? {}, {})).toBe('a@b.c');
    expect(firstValue({ type: 'array', items: {} }, {})).toEqual([]);
  });
});

describe('an edit', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });

  it('is the smallest that does it', () => {
    expect(change({}, ['author', 'name'], 'x')).toEqual({ path: ['author'], value: { name: 'x' } });
    expect(change({ author: {} }, ['author', 'name'], 'x')).toEqual({ path: ['author', 'name'], value: 'x' });
    expect(change({}, ['tools', 0, 'action'], 'x')).toEqual({ path: ['tools'], value: [{ action: 'x' }] });
    expect(change({ author: { name: 'x' } }, ['author', 'name'], undefined)).toEqual({
      path: ['author'],
      value: undefined,
    });
    expect(change({ a: { b: { c: 1 } } }, ['a', 'b', 'c'], undefined, 1).path).toEqual(['a', 'b']);
    expect(change({ list: [{ a: 1 }] }, ['list', 0, 'a'], undefined).path).toEqual(['list', 0, 'a']);
  });

  it('sets what it says, and touches nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), json), path, json, (root, at, value) => {
        const before = structuredClone(root);
        const after = applied(root, change(root, at, value));
        expect(valueAt(after, at)).toEqual(value);
        expect(root).toEqual(before);
        for (const key of Object.keys(root))
          if (key !== at[0]) expect(valueAt(after, [key])).toEqual(root[key]);
      }),
    );
  });

  it('clears what it says', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), json), path, (root, at) => {
        expect(valueAt(applied(root, change(root, at, undefined)), at)).toBeUndefined();
      }),
    );
  });

  it('renames and moves in place', () => {
    expect(Object.keys(renamed({ a: 1, b: 2, c: 3 }, 'b', 'x'))).toEqual(['a', 'x', 'c']);
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});

describe('problems', () => {
  const problem = (path: string) => ({ code: 'x', message: path, path });

  it('are told by where they stand', () => {
    const all = ['', 'path', 'pathways', 'author.name', 'list[0].a'].map(problem);
    expect(problemsAt(all, ['path'])).toEqual([problem('path')]);
    expect(problemsUnder(all, ['author']).map(({ path }) => path)).toEqual(['name']);
    expect(problemsUnder(all, ['list', 0]).map(({ path }) => path)).toEqual(['a']);
    expect(problemsElsewhere(all, ['path', 'author', 'list']).map(({ path }) => path)).toEqual([
      '',
      'pathways',
    ]);
  });
});
