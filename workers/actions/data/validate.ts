import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { defineAction, Terminal } from '../../action.ts';
import { work } from './_text.ts';

const problem = z.object({
  path: z.string().describe('Where in the data, as a JSON pointer; empty for all of it'),
  rule: z.string().describe('The keyword of the schema that does not hold'),
  message: z.string().describe('What is wrong'),
});

const output = z.object({
  valid: z.boolean().describe('Whether the data is as the schema says'),
  errors: z.array(problem).describe('What is wrong; the first 100 problems'),
});

const input = z.strictObject({
  data: z.json().describe('What to check'),
  schema: z.record(z.string(), z.json()).describe('JSON Schema, draft 2020-12'),
  failOnInvalid: z.boolean().default(false).describe('Fail the step where the data is not valid'),
});

export default defineAction({
  type: 'data.validate',
  title: 'Check data',
  description: 'Checks data by a JSON Schema, before anything relies on it.',
  icon: 'badge-check',
  input,
  output,
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Check an order',
      input: {
        data: { id: 'x', email: 'nobody' },
        schema: {
          type: 'object',
          properties: { id: { type: 'integer' }, email: { type: 'string', format: 'email' } },
          required: ['id', 'total'],
        },
      },
      output: {
        valid: false,
        errors: [{ path: '/total' }, { path: '/id', rule: 'type' }, { path: '/email' }],
      },
    },
  ],
  dryRun: ({ failOnInvalid }) =>
    `Check data by a schema${failOnInvalid ? ', and fail where it is not valid' : ''}.`,
  async run({ input: { data, schema, failOnInvalid }, signal }) {
    const job = { job: 'validate', options: { schema }, payload: JSON.stringify(data) } as const;
    const { valid, errors } = output.parse(await work(job, signal));
    if (valid || !failOnInvalid) return { valid, errors };
    const [first] = errors;
    throw new Terminal('data.invalid', `The data is not valid: ${first?.path || 'it'} ${first?.message}.`, {
      fix: 'The details list all that is wrong. Unset failOnInvalid to go on and look at valid.',
      details: errors as Json,
    });
  },
});
