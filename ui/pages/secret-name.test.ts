import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SECRET_NAME } from '#shared/contract/secret.ts';
import { nameProblem } from './secret-name.ts';

describe('the name of a secret', () => {
  it('is refused where the API would refuse it', () => {
    const names = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,120}$/));
    fc.assert(
      fc.property(names, (name) => {
        expect(nameProblem(name, []) === undefined).toBe(SECRET_NAME.test(name));
      }),
    );
  });

  it('is not asked to be right before there is one, and must be new', () => {
    expect(nameProblem('', [])).toBeUndefined();
    expect(nameProblem('TOKEN', ['TOKEN'])).toMatch(/Replace/);
  });
});
