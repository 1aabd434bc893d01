import type { StepType } from '../machine/step-type.ts';

export const waitForEvent: StepType = {
  type: 'wait_for_event',
  title: 'Wait for an event',
  description:
    'Waits until the execution is sent the event, also one that came before; its timeout fails the step. Its output is { event, data, receivedAt }.',
  icon: 'mail-check',
  config: ({ z }) =>
    z.strictObject({
      event: z.string().min(1).max(200).meta({
        description: 'Name of the event. Sent by POST /api/executions/{executionId}/messages/{event}.',
      }),
    }),
  examples: [
    `
- id: paid
  type: wait_for_event
  config: { event: "paid-{{ execution.id }}" }
  timeout: 2d`,
  ],
  start(run) {
    run.waitForMessage(String(run.render(run.step.config.event ?? '')));
  },
  messageArrived(run, event, data) {
    run.succeed({ event, data, receivedAt: new Date(run.now).toISOString() });
  },
};
