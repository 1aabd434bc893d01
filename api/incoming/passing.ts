import { AppError } from '#shared/errors.ts';

/**
 * Whether an error will pass, so that who sent what came in is told to send it again. All others are a flaw of one
 * workflow, which keeps no other from starting.
 */
export const isPassing = (thrown: unknown): boolean =>
  !AppError.is(thrown) || /^(temporal|store|workers)\./.test(thrown.code);
