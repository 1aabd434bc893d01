import { z } from 'zod';
import type { TriggerType } from './trigger-type.ts';
import { whenSchema } from './when.ts';

/** How much an escalation presses. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;

/** Which escalations start a run. */
export const escalationConfig = z.strictObject({
  severities: z
    .array(z.enum(severities))
    .min(1)
    .optional()
    .meta({ description: 'Only these; all when absent.' }),
  when: whenSchema.optional(),
});

export const escalation: TriggerType = {
  type: 'escalation',
  title: 'AI escalation',
  description: 'An AI, or a workflow, asks for help: posted to /api/escalations, or raised by a step.',
  icon: 'siren',
  config: escalationConfig,
  sample: {
    eventId: 1,
    title: 'The tests fail and I cannot tell why',
    message: '',
    severity: 'high',
    source: 'claude',
    context: {},
  },
};
