import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, parseDocument } from 'yaml';
import { loadData, loadText } from '#shared/definition/load.ts';
import { lists } from '#shared/definition/walk.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { definitions } from '#shared/simulator/arbitrary.ts';
import { duplicateSteps } from './clipboard.ts';
import { connect, disconnect, refusal } from './edges.ts';
import { advance, begin, goBack, goForth, type History } from './history.ts';
import { renameId } from './ids.ts';
import { merge } from './merge.ts';
import { addNote, changeNote } from './notes.ts';
import { outlineOf } from './outline.ts';
import { reconcile, writeYaml } from './reconcile.ts';
import { addStep, moveSteps, removeSteps, setField, toggleDisabled } from './steps.ts';

const files = readdirSync('definitions').filter((name) => name.endsWith('.yaml'));
const textOf = (name: string): string => readFileSync(`definitions/${name}`, 'utf8');
const commentsIn = (text: string): string[] =>
  [...text.matchAll(/(?:^|\s)#\s?(.*)$/gm)].map(([, comment = '']) => comment.trim()).sort();

/** One random edit of the kind that people make on the canvas. */
const anyEdit = fc.record({ kind: fc.integer({ min: 0, max: 7 }), one: fc.nat(), two: fc.nat() });
type Edit = { kind: number; one: number; two: number };

function applied(definition: JsonObject, { kind, one, two }: Edit): JsonObject {
  const ids = [...outlineOf(definition).steps.keys()];
  const [a, b] = [ids[one % Math.max(1, ids.length)], ids[two % Math.max(1, ids.length)]];
  const delay = { type: 'delay', name: 'Wait a little', config: { for: '1s' } };
  if (a === undefined || b === undefined || kind === 0)
    return addStep(definition, delay, { kind: 'end', list: 'steps' }).definition;
  if (kind === 1) return addStep(definition, delay, { kind: 'after', step: a }).definition;
  if (kind === 2) return removeSteps(definition, [a], two % 2 === 0);
  if (kind === 3) return refusal(definition, a, b) === undefined ? connect(definition, a, b) : definition;
  if (kind === 4) return moveSteps(definition, new Map([[a, { x: one, y: two }]]));
  if (kind === 5) return renameId(definition, a, `r${one}_${two}`);
  if (kind === 6) return toggleDisabled(definition, [a]);
  const edges = outlineOf(definition).lists.flatMap((list) => list.edges);
  const edge = edges[one % Math.max(1, edges.length)];
  return edge ? disconnect(definition, edge.id) : duplicateSteps(definition, [a]).definition;
}

describe('the outline', () => {
  it('names the steps and edges as the normal form does, of any workflow', () => {
    fc.assert(
      fc.property(definitions(), (source) => {
        const { workflow } = loadData(source as Json);
        if (!workflow) return;
        const outline = outlineOf(source as JsonObject);
        const wanted = [...lists(workflow)].map(({ steps }) =>
          steps.map(({ id, connections }) => [
            id,
            connections.outputs.map(({ targetStepId }) => targetStepId),
          ]),
        );
        const found = outline.lists.map(({ places, edges }) =>
          places.map(({ id }) => [
            id,
            edges.filter(({ source: from }) => from === id).map(({ target }) => target),
          ]),
        );
        const order = (all: unknown[]): string[] => all.map((each) => JSON.stringify(each)).sort();
        expect(order(found)).toEqual(order(wanted));
      }),
      { numRuns: 200 },
    );
  });

  it('is there for a definition that is in pieces', () => {
    for (const broken of [
      {},
      { steps: 7 },
      { steps: [null, 'x', { type: 'loop' }, { type: 'parallel', config: 3 }] },
    ])
      expect(outlineOf(broken as JsonObject).lists[0]?.key).toBe('steps');
  });
});

describe('the text of a draft', () => {
  it.each(files)('loses nothing of %s when every step is moved and moved back', (name) => {
    const text = textOf(name);
    const before = parse(text) as JsonObject;
    const ids = [...outlineOf(before).steps.keys()];
    const moved = moveSteps(before, new Map(ids.map((id, index) => [id, { x: 8 * index, y: 16 }])));
    const there = reconcile(text, moved);
    expect(parse(there)).toEqual(moved);
    expect(commentsIn(there)).toEqual(commentsIn(text));
    const back = reconcile(there, before);
    expect(parse(back)).toEqual(before);
    expect(commentsIn(back)).toEqual(commentsIn(text));
  });

  it('is the very same where nothing changed', () => {
    for (const name of files)
      expect(reconcile(textOf(name), parse(textOf(name)) as JsonObject)).toBe(textOf(name));
  });

  it('says what the canvas says, of 500 generated workflows after random edits', () => {
    fc.assert(
      fc.property(definitions(), fc.array(anyEdit, { maxLength: 6 }), (source, edits) => {
        const text = writeYaml(source as JsonObject);
        const start = parse(text) as JsonObject;
        expect(start).toEqual(source);
        const end = edits.reduce(applied, start);
        expect(parse(reconcile(text, end))).toEqual(end);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps each comment with its step, whatever is put around it', () => {
    const text = `# about all
name: Commented
steps:
  # reads
  - id: read # the first
    type: action
    action: { type: file.read, parameters: { path: a.txt } } # one file

  # waits
  - id: wait
    type: delay
    config: { for: 1s }
# the end
`;
    const start = parse(text) as JsonObject;
    const { definition } = addStep(
      start,
      { type: 'delay', name: 'New', config: { for: '2s' } },
      { kind: 'on', edge: 'read#0' },
    );
    const next = reconcile(text, setField(definition, 'wait', ['config', 'for'], '5s'));
    expect(commentsIn(next)).toEqual(commentsIn(text));
    expect(next).toMatch(/# waits\n {2}- id: wait/);
    expect(next).toContain('for: 5s');
    expect(parseDocument(next).errors).toEqual([]);
  });

  it('writes the first step of an empty list as a block', () => {
    const step = { type: 'delay', config: { for: '1s' } };
    const { definition } = addStep({ name: 'E', steps: [] }, step, { kind: 'end', list: 'steps' });
    expect(reconcile('name: E\nsteps: []\n', definition)).toBe(
      'name: E\nsteps:\n  - id: delay\n    type: delay\n    config:\n      for: 1s\n',
    );
  });

  it('stays JSON where it was JSON', () => {
    const text = JSON.stringify({ name: 'J', steps: [] });
    const { definition } = addStep(
      JSON.parse(text) as JsonObject,
      { type: 'delay', config: { for: 1 } },
      { kind: 'end', list: 'steps' },
    );
    expect(JSON.parse(reconcile(text, definition))).toEqual(definition);
  });
});

describe('editing', () => {
  it('leaves a valid workflow valid, or says why an edge cannot be', () => {
    fc.assert(
      fc.property(definitions(), fc.array(anyEdit, { maxLength: 8 }), (source, edits) => {
        if (!loadData(source as Json).workflow) return;
        const end = edits.reduce(applied, source as JsonObject);
        const structural = loadData(end as Json).problems.filter(({ code }) =>
          /edge|cycle|duplicate|shape/.test(code),
        );
        expect(structural.filter(({ code }) => !/otherwise|empty/.test(code))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('goes back to the start through 200 edits, and forth to the end', () => {
    fc.assert(
      fc.property(definitions(), fc.array(anyEdit, { minLength: 200, maxLength: 200 }), (source, edits) => {
        const text = writeYaml(source as JsonObject);
        const definition = parse(text) as JsonObject;
        const start = { definition, origin: { text, definition } };
        let history: History = begin(start);
        for (const [at, edit] of edits.entries())
          history = advance(
            history,
            { ...start, definition: applied(history.present.definition, edit) },
            at * 5_000,
          );
        const end = history.present;
        for (let step = 0; step < 200; step++) history = goBack(history);
        expect(history.present).toBe(start);
        expect(reconcile(text, history.present.definition)).toBe(text);
        for (let step = 0; step < 200; step++) history = goForth(history);
        expect(history.present).toBe(end);
      }),
      { numRuns: 10 },
    );
  });

  it('joins what led to a removed step with what it led to, when asked to heal', () => {
    const chain = loadText(
      'name: C\nsteps:\n- { id: a, type: delay, config: { for: 1 } }\n- { id: b, type: delay, config: { for: 1 } }\n- { id: c, type: delay, config: { for: 1 } }\n',
    );
    const start = chain.source.value as JsonObject;
    const edges = (definition: JsonObject) =>
      outlineOf(definition).lists[0]?.edges.map(({ source, target }) => [source, target]);
    expect(edges(removeSteps(start, ['b'], true))).toEqual([['a', 'c']]);
    expect(edges(removeSteps(start, ['b']))).toEqual([]);
    const explicit = connect(disconnect(start, 'a#0'), 'a', 'b', { type: 'failure' });
    expect(outlineOf(removeSteps(explicit, ['b'], true)).lists[0]?.edges).toMatchObject([
      { source: 'a', target: 'c', type: 'failure' },
    ]);
  });

  it('refuses cycles, second edges and edges out of a frame, and says why', () => {
    const start = parse(
      'name: C\nsteps:\n- { id: a, type: delay, config: { for: 1 } }\n- { id: b, type: loop, config: { times: 2, steps: [ { id: c, type: delay, config: { for: 1 } } ] } }\n',
    ) as JsonObject;
    expect(refusal(start, 'b', 'a')).toMatch(/cycle/);
    expect(refusal(start, 'a', 'b')).toMatch(/already/);
    expect(refusal(start, 'a', 'c')).toMatch(/frame/);
    expect(refusal(start, 'a', 'a')).toMatch(/itself/);
  });

  it('renames a step in edges, expressions and pins alike', () => {
    const start = parse(`name: R
metadata: { pins: { read: { content: x } } }
steps:
- { id: read, type: action, action: { type: file.read, parameters: { path: a } }, connections: { outputs: [ { targetStepId: use, condition: { type: expression, expression: "steps.read.output.size > 1" } } ] } }
- { id: use, type: set, config: { values: { v: "{{ steps.read.output.content }} and steps.read in words {{ upper(steps['read'].output.content) }}" } } }
`) as JsonObject;
    const text = JSON.stringify(renameId(start, 'read', 'load'));
    expect(text).toContain('steps.load.output.size > 1');
    expect(text).toContain(
      "{{ steps.load.output.content }} and steps.read in words {{ upper(steps['load'].output.content) }}",
    );
    expect(text).toContain('"pins":{"load"');
    expect(text).not.toContain('"read"');
  });

  it('keeps notes in the definition', () => {
    const { definition, id } = addNote({ name: 'N', steps: [] }, { x: 1, y: 2 });
    const next = changeNote(definition, id, { text: 'Mind the gap' });
    expect(parse(reconcile('name: N\nsteps: []\n', next))).toMatchObject({
      metadata: { notes: [{ id, text: 'Mind the gap' }] },
    });
  });
});

describe('merging', () => {
  it('takes both changes where they touch different things, whoever is called mine', () => {
    fc.assert(
      fc.property(definitions(), (source) => {
        const base = source as JsonObject;
        const mine = { ...base, name: 'Mine' };
        const theirs = addStep(
          base,
          { type: 'delay', name: 'Theirs', config: { for: 1 } },
          { kind: 'end', list: 'steps' },
        );
        const one = merge(base, mine, theirs.definition);
        const other = merge(base, theirs.definition, mine);
        expect(one.conflicts).toEqual([]);
        expect(one.definition).toEqual({ ...theirs.definition, name: 'Mine' });
        expect(other.definition).toEqual(one.definition);
      }),
      { numRuns: 100 },
    );
  });

  it('names the places where both changed the same', () => {
    const base = { name: 'A', steps: [{ id: 'x', type: 'delay', config: { for: 1 } }] };
    const mine = setField(base, 'x', ['config', 'for'], 2);
    const theirs = setField(base, 'x', ['config', 'for'], 3);
    expect(merge(base, mine, theirs)).toEqual({ definition: mine, conflicts: ['steps.x.config.for'] });
  });
});
