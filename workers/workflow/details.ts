import type { Machine } from '#shared/machine/machine.ts';
import { executionStatus } from '#shared/machine/status.ts';

/** Steps listed one by one; of longer workflows only those that have begun and not ended are. */
const LISTED = 60;

/** The execution as a Markdown list for Temporal Web. */
export function describe(machine: Machine): string {
  const { state, program } = machine;
  const { steps } = program.workflow;
  const status = (id: string): string => state.steps[id]?.status ?? 'pending';
  const shown =
    steps.length <= LISTED
      ? steps
      : steps.filter(({ id }) => ['running', 'waiting', 'parked'].includes(status(id)));
  const lines = shown.slice(0, LISTED).map(({ id, name }) => `- \`${status(id)}\` ${name}`);
  return [`**${program.workflow.name}**: ${executionStatus(state)}`, '', ...lines].join('\n');
}
