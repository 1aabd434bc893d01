import { describe, expect, it } from '@jest/globals';
import { loadText } from '#shared/definition/load.ts';
import { withSteps } from './step-at.ts';

const stepsOf = (text: string): (string | undefined)[] => {
  const { problems, workflow, source } = loadText(text);
  expect(problems.length).toBeGreaterThan(0);
  return withSteps(problems, workflow, source.value).map(({ step }) => step);
};

describe('the step a problem is in', () => {
  it('is found by the derived id, inside containers too', () => {
    const text = `
name: Nested
steps:
  - name: For Each
    type: loop
    config:
      items: [1]
      steps:
        - name: Inner One
          type: set
          config: { values: { a: "{{ steps.nowhere.output }}" } }
  - id: fan
    type: parallel
    config:
      branches:
        - id: left
          steps:
            - { id: lint, type: set, config: { values: { a: "{{ oops }}" } } }
`;
    expect(stepsOf(text)).toEqual(['inner_one', 'lint']);
  });

  it('is found in a definition that has no normal form, by what is written', () => {
    expect(stepsOf('name: A\nsteps:\n  - { id: one, type: delay }\n')).toEqual(['one']);
    expect(stepsOf('name: A\nsteps:\n  - { name: Wait A Bit, type: delay }\n')).toEqual(['wait_a_bit']);
    expect(stepsOf('name: A\nsteps: [4]\n')).toEqual([undefined]);
  });

  it('is none where the problem is the workflow itself', () => {
    const text = 'name: A\noutput: "{{ nope }}"\nsteps: [{ id: a, type: set, config: { values: {} } }]\n';
    expect(stepsOf(text)).toEqual([undefined]);
  });
});
