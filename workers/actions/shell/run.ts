import { statSync } from 'node:fs';
import { z } from 'zod';
import { defineAction, Retryable, Terminal } from '../../action.ts';
import { type Ended, runProgram } from './_program.ts';

/** Characters of the error output that an error shows. */
const SHOWN = 2_000;

const input = z.strictObject({
  command: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'must not hold a NUL character')
    .describe('Program to run: a name on the PATH or a path; no shell reads it'),
  args: z
    .array(z.string().regex(/^[^\0]*$/, 'must not hold a NUL character'))
    .default([])
    .describe('Its arguments; each arrives exactly as it stands here'),
  cwd: z.string().default('.').describe('Folder it runs in, relative to the workspace'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().regex(/^[^\0]*$/))
    .default({})
    .describe('Environment variables, besides PATH, HOME, LANG, TZ and TMPDIR'),
  stdin: z.string().optional().describe('Text it reads from its standard input'),
  maxOutput: z
    .int()
    .min(1)
    .max(50_000_000)
    .default(1_000_000)
    .describe('Bytes kept of each output; of a longer one the end is kept'),
  allowedExitCodes: z.array(z.int()).min(1).default([0]).describe('Exit codes that count as success'),
});

const output = z.object({
  exitCode: z.number().describe('What the program ended with'),
  stdout: z.string().describe('Its standard output'),
  stderr: z.string().describe('Its error output'),
  truncated: z.boolean().describe('Whether an output was longer than what was kept'),
  duration: z.number().describe('Milliseconds it ran'),
});

/** An error of starting the program as one that says what to do; others as they are. */
function startError(thrown: unknown, command: string): unknown {
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (!syscall?.startsWith('spawn')) return thrown;
  if (code === 'ENOENT')
    return new Terminal('shell.not_found', `There is no program ${JSON.stringify(command)}.`, {
      fix: 'Check its name and that it is on the PATH of the worker. Arguments go into args; for a shell, run sh with args [-c, …].',
      cause: thrown,
    });
  return new Terminal('shell.cannot_start', `${JSON.stringify(command)} cannot be run (${code}).`, {
    fix: 'Check that it is a program, that it may be executed, and that its arguments are not too long.',
    cause: thrown,
  });
}

function checkExit({ exitCode, signal, stdout, stderr }: Ended, command: string, allowed: number[]): number {
  if (exitCode !== null && allowed.includes(exitCode)) return exitCode;
  const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
  throw new Retryable('shell.exit_code', `${JSON.stringify(command)} ${how}.`, {
    fix: 'Read its error output in the details; add the code to allowedExitCodes if it is no failure.',
    details: { exitCode, signal, stderr: stderr.text(SHOWN), stdout: stdout.text(SHOWN) },
  });
}

export default defineAction({
  type: 'shell.run',
  title: 'Run a program',
  description:
    'Runs a program in the workspace. No shell is involved, so that no argument is ever read as a command.',
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
  async run({ input, workspace, environment, signal, report }) {
    const { command, args, stdin, maxOutput, allowedExitCodes } = input;
    const cwd = workspace.resolve(input.cwd, 'read');
    if (!statSync(cwd).isDirectory())
      throw new Terminal('file.not_a_folder', `"${input.cwd}" is a file, not a folder.`, {
        fix: 'Let cwd name a folder.',
      });
    const start = performance.now();
    const env = { ...environment, ...input.env };
    const ended = await runProgram({ command, args, cwd, env, stdin, maxOutput }, signal, report).catch(
      (thrown) => {
        throw startError(thrown, command);
      },
    );
    const exitCode = checkExit(ended, command, allowedExitCodes);
    return {
      exitCode,
      stdout: ended.stdout.text(),
      stderr: ended.stderr.text(),
      truncated: ended.stdout.truncated || ended.stderr.truncated,
      duration: Math.round(performance.now() - start),
    };
  },
});
