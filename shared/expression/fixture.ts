import { AppError } from '../errors.ts';

const steps = {
  read: {
    output: {
      items: [
        { id: 1, ok: true },
        { id: 2, ok: false },
        { id: 3, ok: true },
      ],
      text: 'Hello',
      none: null,
    },
  },
  'my-step': { output: 7 },
};
/** A scope with something of everything, for tests. */
export const root = {
  a: 1,
  b: 2,
  zero: 0,
  flag: true,
  nothing: null,
  name: 'Ann',
  list: [3, 1, 2],
  words: ['b', 'a', 'c'],
  nested: [[1], [2, [3]]],
  obj: { x: 1, y: { z: 'deep' }, map: 5, 'with space': 9 },
  steps,
};

/** The AppError that a call throws. Fails where it throws none. */
export function failure(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (AppError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
/** Where an error of an expression is. */
export const detailsOf = (error: AppError) =>
  error.details as { offset: number; line: number; column: number; expression: string };
