import type { ScopeInfo } from './scope-info.ts';

/** A scope as the builder would give one, for tests. */
export const scope: ScopeInfo = {
  steps: [
    {
      id: 'read',
      name: 'Read changed file',
      type: 'action',
      action: 'file.read',
      outputSchema: {
        type: 'object',
        properties: {
          content: { type: 'string', description: 'What stands in it.' },
          size: { type: 'integer' },
          rows: { type: 'array', items: { $ref: '#/$defs/row' } },
        },
        $defs: { row: { type: 'object', properties: { id: { type: 'number' } } } },
      },
    },
    { id: 'review-code', name: 'Review', type: 'action', action: 'ai.analyze' },
    { id: 'later', name: 'later', type: 'set' },
  ],
  variables: [
    { name: 'channel', type: 'string', description: 'Where it is told.' },
    { name: 'limit', type: 'number' },
  ],
  trigger: { filePath: 'src/app.ts', event: 'change', size: 1_024 },
  locals: ['item', 'index'],
  secrets: ['API_KEY'],
  values: {
    trigger: { filePath: 'src/app.ts', event: 'change', size: 1_024 },
    variables: { channel: 'reviews' },
    steps: {
      read: { status: 'success', output: { content: 'hello', size: 5, rows: [{ id: 1, tag: 'x' }] } },
      'review-code': { status: 'success', output: { response: 'fine', large: { $blob: 'sha256-00' } } },
    },
    workflow: { id: 'w', name: 'W', version: 1 },
  },
};
