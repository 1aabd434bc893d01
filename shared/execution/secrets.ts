import type { Workflow } from '../definition/workflow.ts';

/** Names of the secrets that a workflow speaks of anywhere; perhaps some more, which does no harm to a mask. */
export function secretsOf(workflow: Workflow): string[] {
  const found = JSON.stringify(workflow).matchAll(/\bsecrets\s*\.\s*([A-Za-z_]\w*)/g);
  return [...new Set([...found].map(([, name = '']) => name))].sort();
}
