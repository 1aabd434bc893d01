import { isObject } from '../json.ts';
import type { StepType } from '../machine/step-type.ts';

export const condition: StepType = {
  type: 'condition',
  title: 'Condition',
  description:
    'Asks a question; its success edges are followed when the answer is yes, its failure edges when it is no.',
  icon: 'split',
  config: ({ z, expression }) => z.strictObject({ expression }),
  expressions: ['expression'],
  examples: [
    `
- id: is_empty
  type: condition
  config: { expression: "{{ trigger.size == 0 }}" }
  connections:
    outputs:
      - { targetStepId: skip_it, condition: { type: success } }
      - { targetStepId: read_it, condition: { type: failure } }
- { id: skip_it, type: set, config: { values: { skipped: true } } }
- { id: read_it, type: set, config: { values: { skipped: false } } }`,
  ],
  verdict: (output) => isObject(output) && output.result === true,
  start(run) {
    run.succeed({ result: Boolean(run.evaluate(String(run.step.config.expression))) });
  },
};
