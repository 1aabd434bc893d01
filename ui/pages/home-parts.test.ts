import { describe, expect, it } from '@jest/globals';
import { mostUsed, openFirst } from './home-parts.ts';

describe('the parts of the home page', () => {
  it('name the workflows used most', () => {
    const used = (id: string, executions: number) => ({ id, metadata: { executions } });
    const found = mostUsed([used('a', 1), used('b', 5), used('c', 0), used('d', 3)], 2);
    expect(found.map(({ id }) => id)).toEqual(['b', 'd']);
  });

  it('merge executions of several states, and wait for all of them', () => {
    const at = (startTime: string) => ({ startTime });
    expect(openFirst([[at('1'), at('4')], [at('3')]], 2)).toEqual([at('4'), at('3')]);
    expect(openFirst([[at('1')], undefined], 2)).toBeUndefined();
  });
});
