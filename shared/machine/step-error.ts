import { AppError } from '../errors.ts';
import { DeferredError } from '../expression/index.ts';
import type { StepError } from './protocol.ts';

/** An error that a definition or its data caused, as a step's error. Anything else is a bug of ours and is thrown on. */
export function asStepError(thrown: unknown, step?: string): StepError {
  if (DeferredError.is(thrown)) {
    return {
      code: 'expression.stored_value',
      message: `${step ? `Step "${step}"` : 'The workflow'} computes with a value that is kept outside the run: a large output or a secret.`,
      fix: 'Compute with it in an action step, for example data.transform; only actions load such values.',
      ...(step === undefined ? {} : { step }),
    };
  }
  if (!AppError.is(thrown)) throw thrown;
  const { code, message, fix, details } = thrown;
  return {
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(step === undefined ? {} : { step }),
    ...(details === undefined ? {} : { details }),
  };
}
