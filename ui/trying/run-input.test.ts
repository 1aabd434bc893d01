import { describe, expect, it } from '@jest/globals';
import type { Variable } from '#shared/definition/workflow.ts';
import { MANUAL, readInput, triggersIn, variablesIn } from './run-input.ts';

const variable = (name: string, type: Variable['type'], rest: Partial<Variable> = {}): Variable => ({
  name,
  type,
  required: false,
  ...rest,
});
const read = (declared: Variable[], variables: Record<string, string>) =>
  readInput(declared, [], { variables, trigger: MANUAL, event: '' });

describe('the form of an execution', () => {
  it('reads values by their type', () => {
    const declared = (['string', 'number', 'boolean', 'object', 'array', 'any'] as const).map((type) =>
      variable(type, type),
    );
    const texts = {
      string: '12',
      number: '4.5',
      boolean: 'true',
      object: '{"a":1}',
      array: '[1]',
      any: 'word',
    };
    expect(read(declared, texts)).toEqual({
      variables: { string: '12', number: 4.5, boolean: true, object: { a: 1 }, array: [1], any: 'word' },
      problems: {},
    });
    expect(read([variable('a', 'any')], { a: '3' }).variables).toEqual({ a: 3 });
  });

  it('says what is wrong with a field', () => {
    const declared = [
      variable('n', 'number'),
      variable('o', 'object'),
      variable('r', 'string', { required: true }),
      variable('d', 'string', { required: true, default: 'x' }),
    ];
    const { problems, variables } = read(declared, { n: 'many', o: '[1]' });
    expect(variables).toEqual({});
    expect(Object.keys(problems)).toEqual(['n', 'o', 'r']);
  });

  it('leaves out the trigger where there is none, and gives its event where one is chosen', () => {
    const triggers = [{ id: 'on_change', type: 'file_change' }];
    const event = '{ "filePath": "a" }';
    expect(readInput([], triggers, { variables: {}, trigger: MANUAL, event: '' }).trigger).toBeUndefined();
    expect(readInput([], triggers, { variables: {}, trigger: 'on_change', event }).trigger).toEqual({
      id: 'on_change',
      type: 'file_change',
      filePath: 'a',
    });
    expect(readInput([], triggers, { variables: {}, trigger: MANUAL, event }).trigger).toMatchObject({
      type: 'manual',
      filePath: 'a',
    });
    expect(readInput([], [], { variables: {}, trigger: MANUAL, event: '[]' }).problems.event).toBeDefined();
  });

  it('takes variables and triggers from a definition, however odd', () => {
    expect(
      variablesIn({ variables: [{ name: 'a' }, 4, { type: 'string' }, { name: 'b', type: 'odd' }] }),
    ).toEqual([variable('a', 'any'), variable('b', 'any')]);
    expect(triggersIn({ triggers: [{ type: 'manual' }, { id: 'x', type: 'schedule' }, {}] })).toEqual([
      { id: 'manual', type: 'manual' },
      { id: 'x', type: 'schedule' },
    ]);
    expect(triggersIn({ triggers: 'no' })).toEqual([]);
  });
});
