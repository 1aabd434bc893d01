import { describe, expect, it } from '@jest/globals';
import type { Catalog } from '../../catalog/catalog.ts';
import { loadText } from '../load.ts';

const catalog: Catalog = {
  actions: [
    {
      type: 'shell.script',
      group: 'shell',
      title: 'Run a script',
      description: '',
      icon: 'terminal',
      input: {
        type: 'object',
        properties: { script: { type: 'string' }, env: { type: 'object' } },
        required: ['script'],
      },
      output: { type: 'object' },
      effect: 'write',
      idempotent: false,
      literal: ['script'],
      timeout: 1000,
      retry: {},
      examples: [],
    },
  ],
};

const problemsOf = (script: string) =>
  loadText(
    `name: a\nvariables: [{ name: x, type: string }]\nsteps:\n  - name: b\n    type: action\n    action:\n      type: shell.script\n      parameters:\n        script: ${script}\n        env: { X: "{{ variables.x }}" }\n`,
    catalog,
  ).problems;

describe('a parameter that is code', () => {
  it('may not hold a template, and the problem says where', () => {
    expect(problemsOf('"echo {{ variables.x }}"')).toEqual([
      expect.objectContaining({
        code: 'action.literal_parameter',
        path: 'steps[0].action.parameters.script',
        line: 9,
        column: 17,
        fix: expect.stringContaining('env'),
      }),
    ]);
  });

  it('is taken without one, and the other parameters may have them', () => {
    expect(problemsOf('"echo $X"')).toEqual([]);
  });
});
