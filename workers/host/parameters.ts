import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { type Action, Terminal } from '../action.ts';

const listed = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`).join('; ');

/** The parameters as the action's input. Throws `action.invalid_input` naming each parameter at fault. */
export function parseInput(action: Action, parameters: Json): unknown {
  const parsed = action.input.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new Terminal(
    'action.invalid_input',
    `"${action.type}" does not accept its parameters. ${listed(parsed.error)}`,
    {
      fix: 'Look at what the expressions in the parameters gave: the input of the step in the execution view.',
      details: z.treeifyError(parsed.error) as Json,
    },
  );
}

/** What an action returned, checked against what it declares. Throws `action.invalid_output`: a bug of the action's. */
export function parseOutput(action: Action, output: unknown): Json {
  const parsed = action.output.safeParse(output);
  if (parsed.success) return JSON.parse(JSON.stringify(parsed.data ?? null)) as Json;
  throw new Terminal(
    'action.invalid_output',
    `"${action.type}" returned something it does not declare. ${listed(parsed.error)}`,
    {
      fix: 'Report this as a bug of the action.',
    },
  );
}
