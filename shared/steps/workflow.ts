import type { JsonObject } from '../json.ts';
import type { StepType } from '../machine/step-type.ts';

export const workflow: StepType = {
  type: 'workflow',
  title: 'Workflow',
  description:
    'Runs the published version of another workflow, once, and waits for its end. Its output is { executionId, status, output }.',
  icon: 'workflow',
  config: ({ z, value }) =>
    z.strictObject({
      workflowId: z.string().min(1).max(200).meta({ description: 'Id of the workflow.' }),
      variables: z
        .union([z.record(z.string(), value), z.string()])
        .optional()
        .meta({ description: 'Values of its variables.' }),
      wait: z.boolean().optional().meta({
        description: 'Whether the step lasts until that execution has ended, and fails if that fails.',
        default: true,
      }),
    }),
  examples: [
    `
- id: deploy
  type: workflow
  config: { workflowId: deploy, variables: { version: "{{ execution.id }}" } }
  timeout: 2h`,
  ],
  action: (config: JsonObject) => ({ type: 'workflow.run', parameters: config }),
  start(run) {
    run.runAction();
  },
};
