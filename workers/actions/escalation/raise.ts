import { z } from 'zod';
import { severities } from '#shared/triggers/escalation.ts';
import { defineAction } from '../../action.ts';
import { tellEvent, told } from '../_event.ts';

const input = z.strictObject({
  title: z.string().min(1).max(500).describe('What help is needed with, in one line'),
  message: z.string().max(100_000).default('').describe('What has been found out and tried'),
  severity: z.enum(severities).default('medium').describe('How much it presses'),
  context: z.json().default({}).describe('Data that helps whoever takes it up, up to 256 KiB'),
});

export default defineAction({
  type: 'escalation.raise',
  title: 'Ask for help',
  description:
    'Raises an escalation, once however often the step is tried; starts the workflows that take such up. A tool for an agent that gets stuck.',
  icon: 'siren',
  input,
  output: told,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Ask for help with failing tests',
      input: { title: 'The tests fail and I cannot tell why', severity: 'high', context: { branch: 'main' } },
      needsNetwork: true,
    },
  ],
  dryRun: ({ title, severity }) => `Raise an escalation (${severity}): ${title}.`,
  run: (attempt) => tellEvent(attempt, '/escalations', attempt.input),
});
