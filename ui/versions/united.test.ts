import { describe, expect, it } from '@jest/globals';
import { loadText } from '#shared/definition/load.ts';
import type { JsonObject } from '#shared/json.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { united } from './united.ts';

function normal(text: string): JsonObject {
  const { workflow } = loadText(`name: A\n${text}`);
  if (!workflow) throw new Error('not loaded');
  return workflow as unknown as JsonObject;
}

const step = (id: string, rest = ''): string => `{ id: ${id}, type: delay, config: { for: 1s }${rest} }`;
const chain = (...ids: string[]): string => `steps: [${ids.map((id) => step(id)).join(', ')}]`;
const loop = (id: string, ...inside: string[]): string =>
  `{ id: ${id}, type: loop, config: { times: 2, steps: [${inside.map((each) => step(each)).join(', ')}] } }`;

const drawn = (before: string, after: string) => {
  const { definition, edges } = united(normal(before), normal(after));
  const { steps, lists } = outlineOf(definition);
  const named = new Map(
    lists.flatMap((list) => list.edges).map(({ id, source, target }) => [id, `${source} → ${target}`]),
  );
  return {
    places: [...steps.values()].map(({ id, list }) => `${list.key}: ${id}`),
    edges: [...edges].map(([id, change]) => `${named.get(id)} ${change}`).sort(),
  };
};

describe('two definitions drawn together', () => {
  it('are the definition itself where they are the same', () => {
    const same = normal(chain('a', 'b'));
    expect(united(same, same)).toEqual({ definition: same, edges: new Map() });
  });

  it('show a removed step where it was, with the edges that led to it and from it', () => {
    expect(drawn(chain('a', 'b', 'c'), chain('a', 'c', 'd'))).toEqual({
      places: ['steps: a', 'steps: b', 'steps: c', 'steps: d'],
      edges: ['a → b removed', 'a → c added', 'b → c removed', 'c → d added'],
    });
  });

  it('tell of an edge that asks something else', () => {
    const asking = (type: string): string =>
      `steps: [${step('a', `, connections: { outputs: [{ targetStepId: b, condition: { type: ${type} } }] }`)}, ${step('b', ', connections: { outputs: [] }')}]`;
    expect(drawn(asking('failure'), asking('always')).edges).toEqual(['a → b changed']);
  });

  it('show a removed loop without the step that was moved out of it', () => {
    expect(
      drawn(`steps: [${step('a')}, ${loop('each', 'kept', 'gone')}]`, chain('a', 'kept')).places,
    ).toEqual(['steps: a', 'steps: each', 'steps: kept', 'each/config.steps: gone']);
  });
});
