import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.ts';
import { act, fan, loop, type Played, play, set, to } from '../simulator/fixture.ts';
import { SCRIPTED_FACTS } from '../simulator/scripted.ts';

const ASK = 'test.ask';
const facts = (context?: boolean) => ({
  ...SCRIPTED_FACTS,
  [ASK]: { timeout: 1_000, retry: {}, idempotent: true, ...(context !== undefined && { context }) },
});

const asking = (
  id: string,
  parameters: JsonObject = {},
  rest: JsonObject | ReturnType<typeof to> = {},
): JsonObject => ({
  id,
  type: 'action',
  action: { type: ASK, parameters },
  ...rest,
});

const parametersOf = ({ ran }: Played, path = 'ask'): JsonObject =>
  (ran.find((one) => one.path === path)?.parameters ?? {}) as JsonObject;

/** The context that the step `ask` is given. */
function contextOf(steps: JsonObject[], input: JsonObject = {}, path = 'ask') {
  const played = play(steps, { facts: facts(true), input: input as never });
  return parametersOf(played, path).context as {
    workflow: JsonObject;
    trigger: JsonObject;
    steps: Record<string, { status: string; output: unknown }>;
  };
}

describe('the context of an execution', () => {
  it('holds the workflow, the trigger, and the steps in reach that have ended', () => {
    const context = contextOf(
      [
        set('first', { n: 1 }, to('bad', 'slow')),
        act(
          'bad',
          { error: 'broken', retryable: false },
          { errorHandling: { strategy: 'continue' }, ...to('ask') },
        ),
        act('slow', { after: 90_000 }, to()),
        asking('ask', {}, to('later')),
        act('later', {}, to()),
      ],
      { trigger: { type: 'manual', by: 'ann' } },
    );
    expect(context).toEqual({
      workflow: { id: 'test', name: 'Test' },
      trigger: { type: 'manual', by: 'ann' },
      steps: { first: { status: 'success', output: { n: 1 } }, bad: { status: 'failure', output: null } },
    });
  });

  it('holds what is in reach of a loop’s or a branch’s step, and nothing of the others', () => {
    const inner = [set('in', { n: '{{ index }}' }), asking('ask')];
    const looped = [set('out', { n: 1 }), loop('each', { items: [7, 8], steps: inner })];
    expect(contextOf(looped, {}, 'each[1].ask').steps).toEqual({
      out: { status: 'success', output: { n: 1 } },
      in: { status: 'success', output: { n: 1 } },
    });
    const fanned = [fan('fan', { left: [asking('ask')], right: [set('other')] })];
    expect(contextOf(fanned, {}, 'fan[left].ask').steps).toEqual({});
  });

  it('is what is given by default, or only on demand, as the action has it', () => {
    const given = (context: boolean | undefined, parameters: JsonObject = {}) =>
      Object.hasOwn(parametersOf(play([asking('ask', parameters)], { facts: facts(context) })), 'context');
    expect(given(undefined)).toBe(false);
    expect(given(undefined, { includeContext: true })).toBe(false);
    expect(given(true)).toBe(true);
    expect(given(true, { includeContext: false })).toBe(false);
    expect(given(true, { includeContext: '{{ 1 > 2 }}' })).toBe(false);
    expect(given(false)).toBe(false);
    expect(given(false, { includeContext: '{{ 1 < 2 }}' })).toBe(true);
  });

  it('gives way to what the step says itself', () => {
    const played = play([asking('ask', { context: 'mine' })], { facts: facts(true) });
    expect(parametersOf(played)).toEqual({ context: 'mine' });
  });

  it('shows stored values by their previews, so that nothing loads them', () => {
    const output = { list: [{ $blob: 'sha256-1', bytes: 9_000_000, preview: 'Once upon' }], n: 1 };
    const { steps } = contextOf([act('big', { output }), asking('ask')]);
    expect(steps.big?.output).toEqual({ list: ['Once upon… [cut: 9000000 bytes in all]'], n: 1 });
    expect(JSON.stringify(steps)).not.toContain('$blob');
  });

  it('leaves out what poses as an unfinished template', () => {
    const output = { deep: [{ $deferred: { template: '{{ secrets.A }}', scope: {} } }] };
    const played = play([act('sly'), asking('ask')], { facts: facts(true), act: () => ({ output }) });
    const context = parametersOf(played).context as { steps: Record<string, JsonObject> };
    expect(context.steps.sly?.output).toMatch(/^\[left out/);
    expect(JSON.stringify(context)).not.toContain('$deferred');
  });

  it.each([
    ['text', 'x'.repeat(20_000)],
    ['text full of quotes', '"'.repeat(20_000)],
    ['control characters', '\u0001'.repeat(20_000)],
    ['characters of two units', '😀'.repeat(10_001)],
    ['data', { rows: Array.from({ length: 2_000 }, (_, n) => ({ n, text: '"quoted"' })) }],
  ])('bounds one output: %s', (_, output) => {
    const { steps } = contextOf([act('big', { output }), asking('ask')]);
    const json = JSON.stringify(steps.big?.output);
    expect(json.length).toBeLessThanOrEqual(8_000);
    expect(json.length).toBeGreaterThan(6_000);
    expect(json).toMatch(/… \[cut: \d+ characters in all\]"$/);
    expect(() => encodeURIComponent(String(steps.big?.output))).not.toThrow();
  });

  it('bounds the whole, and keeps the latest', () => {
    const steps = Array.from({ length: 30 }, (_, n) => act(`s${n}`, { output: `${n} `.repeat(3_000) }));
    const context = contextOf([...steps, asking('ask')]);
    expect(JSON.stringify(context).length).toBeLessThan(70_000);
    expect(Object.keys(context.steps)).toEqual(steps.map(({ id }) => id));
    expect(context.steps.s29?.output).toMatch(/^29 29/);
    expect(context.steps.s0?.output).toMatch(/^\[left out: the context is full\]$/);
  });
});
