import { describe, expect, it } from '@jest/globals';
import { AppError } from '#shared/errors.ts';
import { isPassing } from './problems.ts';

describe('an error', () => {
  it.each([
    ['that Temporal is away', new AppError('temporal.unavailable', 'Away.')],
    ['that what reads definitions has died', new AppError('workflow.reader_died', 'Died.')],
    ['that nobody has foreseen', new TypeError('x is not a function')],
  ])('%s passes: who sent an event is to send it again', (_, thrown) => {
    expect(isPassing(thrown)).toBe(true);
  });

  it.each(['variables.invalid', 'workflow.invalid', 'workflow.not_published', 'expression.missing'])(
    'of a workflow’s own, %s, does not: no other is to wait for it',
    (code) => {
      expect(isPassing(new AppError(code, 'Wrong.'))).toBe(false);
    },
  );
});
