import { describe, expect, it } from '@jest/globals';
import { generated, stale } from './catalog.ts';

describe('the generated catalogue', () => {
  it('fits the actions; if not, run: npm run catalog', async () => {
    expect(stale(await generated())).toEqual([]);
  });

  it('is found stale when a file differs or is missing', () => {
    expect(stale({ 'docs/actions.md': 'other', 'docs/no-such-page.md': 'x' })).toEqual([
      'docs/actions.md',
      'docs/no-such-page.md',
    ]);
  });
});
