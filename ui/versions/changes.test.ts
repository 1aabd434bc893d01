import { describe, expect, it } from '@jest/globals';
import { diffWorkflows } from '#shared/definition/diff.ts';
import { loadText } from '#shared/definition/load.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import { changesAt, groupsOf, labelOf, stepMarks, summaryOf } from './changes.ts';

function workflow(text: string): Workflow {
  const { workflow: loaded, problems } = loadText(text);
  expect(problems).toEqual([]);
  if (!loaded) throw new Error('not loaded');
  return loaded;
}

const step = (id: string, value = 1, rest = ''): string =>
  `  - { id: ${id}, name: The ${id}, type: set, config: { values: { v: ${value} } }${rest} }`;
const flow = (steps: string[], rest = ''): string => `name: A\nsteps:\n${steps.join('\n')}\n${rest}`;
const changes = (before: string, after: string) => diffWorkflows(workflow(before), workflow(after));

describe('changes in words', () => {
  it('are none between equals', () => {
    const text = flow([step('a')]);
    expect(groupsOf(changes(text, text))).toEqual([]);
    expect(summaryOf(changes(text, text))).toBe('');
  });

  it('tell of steps by name and of their fields, and leave out places that only follow from others', () => {
    const found = changes(flow([step('a'), step('b')]), flow([step('n'), step('a', 2), step('b')]));
    const [added, changed, edges] = groupsOf(found);
    expect(added).toEqual({
      title: 'Steps added',
      changes: [{ kind: 'added', id: 'n', name: 'The n', detail: 'set', fields: [] }],
    });
    expect(changed).toEqual({
      title: 'Steps changed',
      changes: [{ kind: 'changed', id: 'a', fields: [{ label: 'values.v', before: 1, after: 2 }] }],
    });
    expect(edges).toMatchObject({
      title: 'Edges',
      changes: [{ kind: 'added', id: 'n → a', detail: 'success' }],
    });
    expect(summaryOf(found)).toBe('1 step added, 1 step changed, 1 edge');
    expect([...stepMarks(found)]).toEqual([
      ['n', 'added'],
      ['a', 'changed'],
    ]);
  });

  it('tell of one step with its edges, without the places that only follow from others', () => {
    const found = changesAt(
      'b',
      changes(flow([step('a'), step('b'), step('c')]), flow([step('b', 2), step('c')])),
    );
    expect(found.map(({ what, id, kind, field }) => [what, id, kind, field])).toEqual([
      ['step', 'b', 'changed', 'config.values.v'],
      ['edge', 'a → b', 'removed', undefined],
    ]);
  });

  it('tell of a true change of order', () => {
    const order = (ids: string[]) => flow(ids.map((id) => step(id, 1, ', connections: { outputs: [] }')));
    const found = changes(order(['a', 'b', 'c']), order(['c', 'a', 'b']));
    expect(groupsOf(found)[0]?.changes.map(({ fields }) => fields[0]?.label)).toContain('place in its list');
  });

  it('say once that a step was moved on the canvas, which is no change of the step', () => {
    const at = (x: number) => flow([step('a', 1, `, position: { x: ${x}, y: ${x} }`)]);
    const found = changes(at(0), at(8));
    expect(groupsOf(found)[0]?.changes).toEqual([
      { kind: 'changed', id: 'a', fields: [{ label: 'moved on the canvas' }] },
    ]);
    expect(stepMarks(found).size).toBe(0);
  });

  it('tell of triggers, variables, settings and the workflow itself', () => {
    const found = changes(
      flow([step('a')], 'variables: [{ name: v }, { name: w }]'),
      flow(
        [step('a')],
        'description: New\nvariables: [{ name: w, type: string }]\nsettings: { timeout: 5s }\ntriggers: [{ type: manual }]',
      ),
    );
    const titles = groupsOf(found).map(({ title }) => title);
    expect(titles).toEqual(['Triggers', 'Variables', 'Settings', 'Workflow']);
    const all = groupsOf(found).flatMap(({ changes: inner }) => inner);
    expect(all).toContainEqual({ kind: 'added', id: 'timeout', fields: [{ label: '', after: 5_000 }] });
    expect(all).toContainEqual({
      kind: 'changed',
      id: 'description',
      fields: [{ label: '', before: '', after: 'New' }],
    });
    expect(all).toContainEqual({
      kind: 'changed',
      id: 'w',
      fields: [{ label: 'type', before: 'any', after: 'string' }],
    });
  });

  it('name fields the way the forms do', () => {
    expect(labelOf('action.parameters.path')).toBe('path');
    expect(labelOf('errorHandling.strategy')).toBe('on error');
    expect(labelOf('retryPolicy.initialInterval')).toBe('retry: initialInterval');
  });
});
