import type { StepType } from '../machine/step-type.ts';

export const set: StepType = {
  type: 'set',
  title: 'Set values',
  description: 'Computes values with expressions. Its output is the values. Costs no activity.',
  icon: 'equal',
  config: ({ z, value }) => z.strictObject({ values: z.record(z.string(), value) }),
  examples: [
    `
- id: names
  type: set
  config:
    values:
      greeting: "Hello {{ trigger.who ?? 'world' }}"
      total: "{{ sum([1, 2, 3]) }}"`,
  ],
  start(run) {
    run.succeed(run.render(run.step.config.values ?? {}));
  },
};
