import type { StepType } from '../machine/step-type.ts';

export const action: StepType = {
  type: 'action',
  title: 'Action',
  description: 'Runs one action of the library: reads a file, calls a URL, runs a command.',
  icon: 'play',
  config: ({ z }) => z.strictObject({}),
  examples: [
    `
- id: read
  type: action
  action: { type: file.read, parameters: { path: notes/today.md } }
  timeout: 30s
  retryPolicy: { maximumAttempts: 3, initialInterval: 1s }`,
  ],
  start(run) {
    run.runAction();
  },
};
