import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { allowedProgram } from './_allow.ts';
import { commonInput, execute, folderOf, output, textInput } from './_execute.ts';

const input = z.strictObject({
  command: textInput.min(1).describe('Program to run: a name on the PATH or a path; no shell reads it'),
  args: z.array(textInput).default([]).describe('Its arguments; each arrives exactly as it stands here'),
  ...commonInput,
});

export default defineAction({
  type: 'shell.run',
  title: 'Run a program',
  description:
    'Runs a program in the workspace, if ACAS_SHELL_ALLOW lists it. No shell is involved, so that no argument is ever read as a command.',
  icon: 'terminal',
  input,
  output,
  effect: 'write',
  idempotent: false,
  defaults: { timeout: 300_000, retry: { maximumAttempts: 1 } },
  examples: [
    {
      title: 'Count the lines of a file',
      input: { command: 'wc', args: ['-l', 'a.txt'] },
      files: { 'a.txt': 'one\ntwo\n' },
      output: { exitCode: 0, stdout: '2 a.txt\n', stderr: '', truncated: false },
    },
    {
      title: 'Give it a text to read',
      input: { command: 'tr', args: ['a-z', 'A-Z'], stdin: 'hello' },
      output: { stdout: 'HELLO' },
    },
  ],
  dryRun: ({ command, args, cwd }) =>
    `Run ${[command, ...args].map((part) => JSON.stringify(part)).join(' ')} in ${cwd}.`,
  run(attempt) {
    const { input, workspace, environment, settings } = attempt;
    const { command, ...order } = input;
    const cwd = folderOf(attempt, input.cwd);
    const { allow } = settings.shell;
    // Where only some programs may be run, a step must not say where they are looked for.
    const path = allow.includes('*') ? (input.env.PATH ?? environment.PATH) : environment.PATH;
    const program = allowedProgram(command, allow, { workspace, cwd, path });
    return execute(attempt, program, cwd, { ...order, name: command });
  },
});
