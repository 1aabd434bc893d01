import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { VALID } from './load.cases.ts';
import { workflowJsonSchema, workflowJsonSchemaText } from './schema.ts';

describe('the JSON Schema of workflows', () => {
  const schema = z.fromJSONSchema(workflowJsonSchema() as never);

  it.each(VALID)('takes what the language takes: %s', (_, text) => {
    expect(schema.safeParse(parse(text, { logLevel: 'silent' })).error?.issues).toBeUndefined();
  });

  it.each([
    'name: N',
    'name: N\nsteps: []',
    'name: N\nsteps: [{ type: nope }]',
    'name: N\nx: 1\nsteps: [{ type: set, config: { values: {} } }]',
  ])('refuses %s', (text) => {
    expect(schema.safeParse(parse(text)).success).toBe(false);
  });

  it('is written as text that ends its last line', () => {
    const text = workflowJsonSchemaText();
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ title: 'ACAS Runner workflow', type: 'object' });
  });
});
