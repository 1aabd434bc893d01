import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../json.ts';
import { play, set, to } from '../simulator/fixture.ts';
import type { PersonEvent } from '../simulator/simulate.ts';

const approval = (rest: JsonObject = {}): JsonObject => ({
  id: 'ask',
  type: 'approval',
  config: { message: 'Publish {{ workflow.name }}?', data: { tag: 'v1' } },
  ...rest,
});

const decide = (output: Json, after = 1_000): { after: number; event: PersonEvent }[] => [
  { after, event: { type: 'decide_step', path: 'ask', output } },
];

describe('an approval', () => {
  it('waits for a person, showing what is asked with its templates filled in', () => {
    const { state } = play([approval()], { people: [], horizon: 10 });
    expect(state.steps.ask).toMatchObject({
      status: 'waiting',
      asked: { message: 'Publish Test?', data: { tag: 'v1' } },
    });
  });

  it('gives what was agreed to: the data shown, or what the person made of it', () => {
    expect(play([approval()], { people: decide({ approved: true, by: 'ann' }) }).output).toEqual({
      approved: true,
      data: { tag: 'v1' },
      by: 'ann',
    });
    const changed = decide({ approved: true, data: { tag: 'v2' } });
    expect(play([approval()], { people: changed }).output).toMatchObject({ data: { tag: 'v2' } });
  });

  it('fails once rejected, with the reason, and its failure edge is followed', () => {
    const people = decide({ approved: false, reason: 'Too early.', by: 'ann' });
    const { error } = play([approval()], { people });
    expect(error).toMatchObject({
      code: 'approval.rejected',
      message: expect.stringContaining('by ann: Too early.'),
    });
    const steps = [
      approval(to('success:yes', 'failure:no')),
      set('yes'),
      set('no', { why: '{{ steps.ask.error.details.reason }}' }),
    ];
    const { statuses, outcome, output } = play(steps, { people });
    expect({ statuses, outcome, output }).toEqual({
      statuses: { ask: 'failure', yes: 'skipped', no: 'success' },
      outcome: 'success',
      output: { why: 'Too early.' },
    });
  });

  it('fails at its timeout', () => {
    expect(play([approval({ timeout: '1h' })]).error).toMatchObject({ code: 'step.timeout' });
  });

  it('takes the first decision only, and nothing that is no decision', () => {
    const people = [
      ...decide({ maybe: true }, 10),
      ...decide({ approved: true }, 20),
      ...decide({ approved: false }, 30),
    ];
    expect(play([approval()], { people })).toMatchObject({ outcome: 'success' });
  });
});
