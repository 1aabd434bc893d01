import { isObject, type Json } from '../json.ts';
import type { StepType } from '../machine/step-type.ts';

/** What a person answered, as the update that brings it says. */
export interface Decision {
  approved: boolean;
  /** Stands in for the data that was shown. */
  data?: Json;
  reason?: string;
  by?: string;
}

/** Whether a value that came from outside is a decision. */
export const isDecision = (value: Json): value is Json & Decision =>
  isObject(value) && typeof value.approved === 'boolean';

export const approval: StepType = {
  type: 'approval',
  title: 'Approval',
  description: 'Waits for a person to approve or reject; a rejection fails the step, as does its timeout.',
  icon: 'user-check',
  config: ({ z, value }) =>
    z.strictObject({
      message: z.string().max(10_000).optional().meta({ description: 'What is to be decided.' }),
      data: value.optional().meta({ description: 'What is shown, and may be changed, with the decision.' }),
    }),
  examples: [
    `
- id: sign_off
  type: approval
  config: { message: "Publish {{ execution.id }}?" }
  timeout: 2d`,
  ],
  start(run) {
    const { message = '', data = null } = run.step.config;
    run.waitForPerson({ message: run.render(message), data: run.render(data) });
  },
  decided(run, decision) {
    if (!isDecision(decision)) return;
    const { approved, reason, by } = decision;
    const who = { ...(reason !== undefined && { reason }), ...(by !== undefined && { by }) };
    if (approved) {
      run.succeed({ approved, data: decision.data ?? run.asked.data ?? null, ...who });
      return;
    }
    run.fail({
      code: 'approval.rejected',
      message: `Step "${run.path}" was rejected${by === undefined ? '' : ` by ${by}`}${reason ? `: ${reason}` : '.'}`,
      fix: 'Follow the reason given, or let a failure edge say what happens then.',
      details: who,
    });
  },
};
