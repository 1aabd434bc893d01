import { useEffect, useState } from 'react';
import { type Difference, diffWorkflows } from '#shared/definition/diff.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { Checker } from '#ui/check/checker.ts';

/** What two texts mean, and what they differ in; without `found` where one is no definition yet, or checking broke. */
export interface Comparison {
  found?: { before: Workflow; after: Workflow; differences: Difference[] };
  error?: string;
}

async function compare(checker: Checker, before: string, after: string): Promise<Comparison> {
  const { workflow: one } = await checker.check(before);
  const { workflow: other } = await checker.check(after);
  if (!one || !other) return {};
  return { found: { before: one, after: other, differences: diffWorkflows(one, other) } };
}

/** Compares two definitions by what they mean; `undefined` until that is known. */
export function useComparison(
  checker: Checker | undefined,
  before: string | undefined,
  after: string | undefined,
): Comparison | undefined {
  const [comparison, setComparison] = useState<Comparison>();
  useEffect(() => {
    setComparison(undefined);
    if (!checker || before === undefined || after === undefined) return;
    let isCurrent = true;
    compare(checker, before, after).then(
      (found) => isCurrent && setComparison(found),
      ({ message }: Error) => isCurrent && setComparison({ error: message }),
    );
    return () => {
      isCurrent = false;
    };
  }, [checker, before, after]);
  return comparison;
}
