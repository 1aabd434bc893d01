import { describe, expect, it } from '@jest/globals';
import { runSchema, stillNeeded } from './run-values.ts';

describe('what a run is given', () => {
  const variables = [
    { name: 'channel', type: 'string', default: 'reviews', required: true },
    { name: 'limit', type: 'number', required: true },
    { name: 'more' },
  ];

  it('has a field for each variable, required where there is no default', () => {
    expect(runSchema(variables)).toMatchObject({
      properties: { channel: { type: 'string', default: 'reviews' }, limit: { type: 'number' }, more: {} },
      required: ['limit'],
    });
  });

  it('lacks what is required and not there yet', () => {
    expect(stillNeeded(variables, {})).toEqual(['limit']);
    expect(stillNeeded(variables, { limit: 0 })).toEqual([]);
  });
});
