import type { Catalog } from '../catalog/catalog.ts';
import type { Json } from '../json.ts';
import { checkActions } from './checks/actions.ts';
import type { Check, Subject } from './checks/check.ts';
import { checkEdges } from './checks/edges.ts';
import { checkIds } from './checks/ids.ts';
import { checkPlugins } from './checks/plugins.ts';
import { checkReferences } from './checks/references.ts';
import { checkVariables } from './checks/variables.ts';
import { schemaProblems } from './issues.ts';
import { normalise } from './normalise.ts';
import type { Problem } from './problem.ts';
import { workflowSchema } from './schema.ts';
import { dataSource, MOST_PROBLEMS, readSource, type Source } from './source.ts';
import type { Workflow } from './workflow.ts';

/** A definition that was read: its normal form where it has one, and all that is wrong with it. */
export interface Loaded {
  /** There as soon as the definition has the right shape, even where checks have found problems. */
  workflow: Workflow | undefined;
  problems: Problem[];
  source: Source;
}

const CHECKS: Check[] = [checkIds, checkEdges, checkReferences, checkActions, checkPlugins, checkVariables];

/** The first problems that the checks find. */
function found(subject: Subject): Problem[] {
  const problems: Problem[] = [];
  for (const check of CHECKS)
    for (const problem of check(subject)) {
      if (problems.length === MOST_PROBLEMS) return problems;
      problems.push(problem);
    }
  return problems;
}

function load(source: Source, catalog: Catalog | undefined): Loaded {
  if (source.value === undefined || source.problems.length > 0)
    return { workflow: undefined, problems: source.problems, source };
  const parsed = workflowSchema.safeParse(source.value);
  if (!parsed.success) return { workflow: undefined, problems: schemaProblems(parsed.error, source), source };
  const workflow = normalise(parsed.data);
  return { workflow, problems: found({ workflow, source, catalog }), source };
}

/** Reads a definition from YAML or JSON text and checks all of it; problems carry line and column. Never throws. */
export const loadText = (text: string, catalog?: Catalog): Loaded => load(readSource(text), catalog);

/** The same for a definition that came as data. */
export const loadData = (value: Json, catalog?: Catalog): Loaded => load(dataSource(value), catalog);
