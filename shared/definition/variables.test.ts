import { describe, expect, it } from '@jest/globals';
import { fillVariables } from './variables.ts';
import type { Variable } from './workflow.ts';

const declared: Variable[] = [
  { name: 'channel', type: 'string', default: 'reviews', required: false },
  { name: 'count', type: 'number', required: true },
  { name: 'extra', type: 'any', required: false },
];

describe('the variables of a run', () => {
  it('are those given, defaults for the rest, null where there is neither', () => {
    expect(fillVariables(declared, { count: 2 })).toEqual({
      values: { channel: 'reviews', count: 2, extra: null },
      problems: [],
    });
  });

  it('take their default where null is given', () => {
    expect(fillVariables(declared, { channel: null, count: 1 }).values.channel).toBe('reviews');
  });

  it.each([
    [{}, 'variable.missing', 'variables.count', 'number'],
    [{ count: '2' }, 'variable.invalid', 'variables.count', 'number'],
    [{ count: 1, channel: ['a'] }, 'variable.invalid', 'variables.channel', 'string'],
    [{ count: 1, chanel: 'a' }, 'variable.unknown', 'variables.chanel', 'did you mean "channel"?'],
    [{ count: 1, zzz: 'a' }, 'variable.unknown', 'variables.zzz', 'channel, count, extra'],
  ])('of %j are refused with %s', (given, code, path, fix) => {
    const { problems } = fillVariables(declared, given as never);
    expect(problems).toEqual([expect.objectContaining({ code, path, fix: expect.stringContaining(fix) })]);
  });

  it('are not taken from what every object has', () => {
    const odd: Variable[] = [{ name: 'toString', type: 'any', required: false }];
    expect(fillVariables(odd, {}).values.toString).toBeNull();
  });
});
