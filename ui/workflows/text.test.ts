import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type Catalog, catalogSchema } from '#shared/catalog/catalog.ts';
import { loadText } from '#shared/definition/load.ts';
import { FIRST_WORKFLOW } from './first-workflow.ts';
import { emptyWorkflow, ofTemplate, stepNames, withFormat, withoutId } from './text.ts';

const readCatalog = async (): Promise<Catalog> => {
  const file = new URL('../../shared/catalog/catalog.generated.json', import.meta.url);
  return catalogSchema.parse(JSON.parse(await readFile(file, 'utf8')));
};

describe('an empty workflow', () => {
  it('has the name it was given, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (name) => {
        expect(parse(emptyWorkflow(name).text)).toEqual({ name, steps: [] });
      }),
    );
  });
});

describe('the format of a text', () => {
  it('is JSON for an object of it, YAML for all else', () => {
    expect(withFormat('{"name": "a"}').format).toBe('json');
    expect(withFormat('{name: a}').format).toBe('yaml');
    expect(withFormat('name: a').format).toBe('yaml');
    expect(withFormat('[1]').format).toBe('yaml');
    expect(withFormat('').format).toBe('yaml');
  });
});

describe('a text without its id', () => {
  it('loses the id at the top and no other', () => {
    const text = '# Head\nid: one # why\nname: One\nsteps:\n  - id: a\n';
    expect(withoutId({ text, format: 'yaml' }).text).toBe('# Head\nname: One\nsteps:\n  - id: a\n');
    const json = { text: '{"id":"one","steps":[{"id":"a"}]}', format: 'json' as const };
    expect(JSON.parse(withoutId(json).text)).toEqual({ steps: [{ id: 'a' }] });
  });
});

describe('a template', () => {
  it('begins with its text, or with its definition as YAML', () => {
    expect(ofTemplate({ text: 'id: a\nname: A # b\n', definition: {} }).text).toBe('name: A # b\n');
    expect(parse(ofTemplate({ definition: { id: 'a', name: 'A', steps: [] } }).text)).toEqual({
      name: 'A',
      steps: [],
    });
  });

  it('lists its steps by name, id or type', () => {
    expect(stepNames({ steps: [{ name: 'One' }, { id: 'two' }, { type: 'set' }, 'odd'] })).toEqual([
      'One',
      'two',
      'set',
    ]);
    expect(stepNames({})).toEqual([]);
  });
});

describe('the first workflow', () => {
  it('can be published as it is', async () => {
    expect(loadText(FIRST_WORKFLOW.text, await readCatalog()).problems).toEqual([]);
  });
});
