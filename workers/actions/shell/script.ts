import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { findProgram } from './_allow.ts';
import { commonInput, execute, folderOf, output, textInput } from './_execute.ts';

const input = z.strictObject({
  script: textInput
    .min(1)
    .max(100_000)
    .describe(
      'What the shell runs, as it stands here. No {{ }}: values go in by env ("$NAME") or args ("$1")',
    ),
  shell: z.enum(['sh', 'bash']).default('sh').describe('Which shell'),
  args: z.array(textInput).default([]).describe('Its arguments: "$1", "$2" and so on'),
  ...commonInput,
});

export default defineAction({
  type: 'shell.script',
  title: 'Run a shell script',
  description:
    'Gives a text to a shell, if ACAS_SHELL_SCRIPTS is on. Values never become a part of the text: they arrive as variables and arguments.',
  icon: 'square-terminal',
  input,
  output,
  effect: 'write',
  idempotent: false,
  literal: ['script'],
  defaults: { timeout: 300_000, retry: { maximumAttempts: 1 } },
  examples: [
    {
      title: 'Count the words of some files',
      input: { script: 'cat -- *.txt | wc -w' },
      files: { 'a.txt': 'one two', 'b.txt': ' three' },
      output: { exitCode: 0, stdout: '3\n' },
    },
    {
      title: 'Use a value',
      input: { script: 'printf "Hello, %s" "$NAME"', env: { NAME: 'you; rm -rf /' } },
      output: { stdout: 'Hello, you; rm -rf /' },
    },
  ],
  dryRun: ({ shell, script, cwd }) =>
    `Run a script of ${script.split('\n').length} lines by ${shell} in ${cwd}.`,
  run(attempt) {
    const { input, workspace, environment, settings } = attempt;
    if (!settings.shell.scripts)
      throw new Terminal('shell.scripts_off', 'This runner may not run shell scripts.', {
        fix: 'Set ACAS_SHELL_SCRIPTS to true and restart it, or use shell.run, which needs no shell.',
      });
    const { shell, script, args, ...order } = input;
    const cwd = folderOf(attempt, input.cwd);
    const program = findProgram(shell, { workspace, cwd, path: environment.PATH }, true);
    // What follows the script is its $0 and its arguments.
    return execute(attempt, program, cwd, { ...order, args: ['-c', script, shell, ...args], name: shell });
  },
});
