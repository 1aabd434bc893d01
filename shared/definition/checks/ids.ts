import type { Problem } from '../problem.ts';
import { isReserved } from '../slug.ts';
import { allSteps } from '../walk.ts';
import { type Check, problemAt, type Subject } from './check.ts';

function duplicates(
  subject: Subject,
  list: 'triggers' | 'variables',
  ids: string[],
  what: string,
): Problem[] {
  const key = list === 'triggers' ? 'id' : 'name';
  return ids.flatMap((id, position) => {
    if (ids.indexOf(id) === position) return [];
    const message = `Two ${list} are called "${id}".`;
    return [
      problemAt(subject, [list, position, key], {
        code: `${what}.duplicate`,
        message,
        fix: 'Rename one of them.',
      }),
    ];
  });
}

function stepIds(subject: Subject): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { step, path } of allSteps(subject.workflow)) {
    const here = [...path, 'id'];
    if (isReserved(step.id))
      problems.push(
        problemAt(subject, here, {
          code: 'step.reserved_id',
          message: `"${step.id}" cannot be a step's id.`,
          fix: 'Rename it.',
        }),
      );
    if (seen.has(step.id)) {
      const message = `Two steps have the id "${step.id}"; ids are unique in a whole workflow, loops and branches included.`;
      problems.push(
        problemAt(subject, here, { code: 'step.duplicate_id', message, fix: 'Rename one of them.' }),
      );
    }
    seen.add(step.id);
  }
  return problems;
}

/** Ids and names that must differ, do. */
export const checkIds: Check = (subject) => [
  ...stepIds(subject),
  ...duplicates(
    subject,
    'triggers',
    subject.workflow.triggers.map(({ id }) => id),
    'trigger',
  ),
  ...duplicates(
    subject,
    'variables',
    subject.workflow.variables.map(({ name }) => name),
    'variable',
  ),
];
