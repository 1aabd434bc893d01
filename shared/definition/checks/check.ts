import type { Catalog } from '../../catalog/catalog.ts';
import type { Path, Problem } from '../problem.ts';
import { formatPath } from '../problem.ts';
import type { Source } from '../source.ts';
import type { Workflow } from '../workflow.ts';

/** What a check looks at. */
export interface Subject {
  workflow: Workflow;
  source: Source;
  /** Without one, actions and their parameters are not checked. */
  catalog: Catalog | undefined;
}

/** Finds problems one by one: nobody asks for more than are told. */
export type Check = (subject: Subject) => Iterable<Problem>;

/** A problem at a value of the definition. */
export function problemAt(
  { source }: Subject,
  path: Path,
  problem: Omit<Problem, 'path' | 'line' | 'column'>,
): Problem {
  return { ...problem, path: formatPath(path), ...source.locate(path) };
}
