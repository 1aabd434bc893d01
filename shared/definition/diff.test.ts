import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copy, isObject, type Json } from '../json.ts';
import { workflows } from '../simulator/arbitrary.ts';
import { act, fan, loop, set, to, workflowOf } from '../simulator/fixture.ts';
import { diffWorkflows } from './diff.ts';
import type { Workflow } from './workflow.ts';

const base = workflowOf([act('a', { output: 1 }), set('b', { n: 1 })], {
  variables: [{ name: 'v' }],
  triggers: [{ id: 't', type: 'manual' }],
});

describe('the difference of two workflows', () => {
  it('names steps and edges that came and went', () => {
    const after = workflowOf([act('a', { output: 1 }), set('c', { n: 1 })], {
      variables: [{ name: 'v' }],
      triggers: [{ id: 't', type: 'manual' }],
    });
    expect(diffWorkflows(base, after).map(({ kind, what, id }) => `${kind} ${what} ${id}`)).toEqual([
      'removed step b',
      'added step c',
      'removed edge a → b',
      'added edge a → c',
    ]);
  });

  it('names the field of a step that changed, before and after', () => {
    const after = workflowOf([act('a', { output: 2 }), set('b', { n: 1 })], {
      variables: [{ name: 'v' }],
      triggers: [{ id: 't', type: 'manual' }],
    });
    expect(diffWorkflows(base, after)).toEqual([
      { kind: 'changed', what: 'step', id: 'a', field: 'action.parameters.output', before: 1, after: 2 },
    ]);
  });

  it('names settings, variables, triggers and fields', () => {
    const after = {
      ...base,
      name: 'Other',
      settings: { onFailure: 'park' as const, timeout: 5 },
      variables: [],
      triggers: [{ ...base.triggers[0], enabled: false } as Workflow['triggers'][number]],
    };
    expect(diffWorkflows(base, after).map(({ kind, what, id, field }) => [kind, what, id, field])).toEqual([
      ['changed', 'field', 'name', undefined],
      ['changed', 'setting', 'onFailure', undefined],
      ['added', 'setting', 'timeout', undefined],
      ['removed', 'variable', 'v', undefined],
      ['changed', 'trigger', 't', 'enabled'],
    ]);
  });

  it('tells of a step inside a loop only once, at that step', () => {
    const before = workflowOf([loop('l', { times: 2, steps: [set('x', { n: 1 })] })]);
    const after = workflowOf([loop('l', { times: 2, steps: [set('x', { n: 2 })] })]);
    expect(diffWorkflows(before, after).map(({ id, field }) => [id, field])).toEqual([
      ['x', 'config.values.n'],
    ]);
  });

  it('sees a step that moved to another branch', () => {
    const before = workflowOf([fan('p', { l: [set('x'), set('z')], r: [set('y')] })]);
    const after = workflowOf([fan('p', { l: [set('x')], r: [set('y'), set('z')] })]);
    expect(diffWorkflows(before, after)).toContainEqual(expect.objectContaining({ id: 'z', field: 'place' }));
  });

  it('sees a condition of an edge', () => {
    const before = workflowOf([set('a', {}, to('b')), set('b', {}, to())]);
    const after = workflowOf([set('a', {}, to('failure:b')), set('b', {}, to())]);
    expect(diffWorkflows(before, after)).toEqual([
      {
        kind: 'changed',
        what: 'edge',
        id: 'a → b',
        field: 'condition.type',
        before: 'success',
        after: 'failure',
      },
    ]);
  });

  it('of a workflow and itself is nothing', () => {
    fc.assert(
      fc.property(workflows(), (workflow) => expect(diffWorkflows(workflow, copy(workflow))).toEqual([])),
      { numRuns: 100 },
    );
  });

  it('shows every single change of a value', () => {
    fc.assert(
      fc.property(workflows(), fc.nat(), (workflow, pick) => {
        const after = copy(workflow);
        const leaves = [...leavesOf(after as unknown as Json)];
        const leaf = leaves[pick % leaves.length];
        if (!leaf) return;
        leaf.holder[leaf.key] = typeof leaf.value === 'string' ? `${leaf.value}x` : 'changed';
        expect(diffWorkflows(workflow, after).length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

type Leaf = { holder: Record<string, Json>; key: string; value: Json };

/** Every plain value, save what is derived from something else and what decides how the rest is read. */
function* leavesOf(value: Json): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, Json>;
  for (const [key, item] of Object.entries(holder)) {
    if (key === 'inputs' || (key === 'type' && isObject(value) && 'errorHandling' in value)) continue;
    if (typeof item === 'object' && item !== null) yield* leavesOf(item);
    else yield { holder, key, value: item };
  }
}
