import { statSync } from 'node:fs';
import { z } from 'zod';
import { type Attempt, Retryable, Terminal } from '../../action.ts';
import { type Ended, runProgram } from './_program.ts';

/** Characters of the error output that an error shows. */
const SHOWN = 2_000;

/** A text that the system takes: a NUL would end it. */
export const textInput = z.string().regex(/^[^\0]*$/, 'must not hold a NUL character');

/** What all that runs a program takes. */
export const commonInput = {
  cwd: z.string().default('.').describe('Folder it runs in, relative to the workspace'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), textInput)
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
};

export const output = z.object({
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
    return new Terminal(
      'shell.not_found',
      `There is no program ${JSON.stringify(command)}, or not the one that its first line names.`,
      {
        fix: 'Check its path and its first line. Arguments go into args; for a shell, use shell.script.',
        cause: thrown,
      },
    );
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

/** A program as an action is asked to run it. */
export interface Order extends z.infer<ReturnType<typeof z.object<typeof commonInput>>> {
  /** As the step names it, for messages. */
  name: string;
  args: string[];
}

/** The folder a program is to run in, as an absolute path. */
export function folderOf({ workspace }: Attempt<unknown>, cwd: string): string {
  const real = workspace.resolve(cwd, 'read');
  if (statSync(real).isDirectory()) return real;
  throw new Terminal('file.not_a_folder', `"${cwd}" is a file, not a folder.`, {
    fix: 'Let cwd name a folder.',
  });
}

/** Runs the program at an absolute path. Throws what an exit code or a failing start amounts to. */
export async function execute(
  { environment, signal, report }: Attempt<unknown>,
  command: string,
  cwd: string,
  { name, args, env, stdin, maxOutput, allowedExitCodes }: Order,
): Promise<z.infer<typeof output>> {
  const start = performance.now();
  const program = { command, args, cwd, env: { ...environment, ...env }, stdin, maxOutput };
  const ended = await runProgram(program, signal, report).catch((thrown) => {
    throw startError(thrown, name);
  });
  return {
    exitCode: checkExit(ended, name, allowedExitCodes),
    stdout: ended.stdout.text(),
    stderr: ended.stderr.text(),
    truncated: ended.stdout.truncated || ended.stderr.truncated,
    duration: Math.round(performance.now() - start),
  };
}
