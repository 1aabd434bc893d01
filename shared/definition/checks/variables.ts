import { isOfType } from '../variables.ts';
import { type Check, problemAt } from './check.ts';

/** Defaults of variables are of the type they are declared with. */
export const checkVariables: Check = (subject) =>
  subject.workflow.variables.flatMap(({ name, type, default: value }, position) => {
    if (value === undefined || isOfType(value, type)) return [];
    const message = `The default of variable "${name}" is no ${type}.`;
    return [
      problemAt(subject, ['variables', position, 'default'], {
        code: 'variable.invalid_default',
        message,
        fix: `Give a ${type}, or change the type.`,
      }),
    ];
  });
