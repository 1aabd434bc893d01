import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { WorkflowSummary } from '#shared/contract/workflow.ts';
import { Refused, request } from '#ui/api/client.ts';
import type { workflowsQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { tell, tellError, tellWithUndo } from '#ui/kit/toast.ts';
import { withItems } from './pages-of.ts';

type Listed = Awaited<ReturnType<NonNullable<ReturnType<typeof workflowsQuery>['queryFn']>>>;
type Data = { pages: Exclude<Listed, symbol>[]; pageParams: (string | undefined)[] };

const LISTS = { queryKey: ['workflows', 'list'] };

/** Shows a change of the lists before the API has made it. */
async function showAlready(
  client: QueryClient,
  change: (item: WorkflowSummary) => WorkflowSummary | undefined,
): Promise<void> {
  await client.cancelQueries(LISTS);
  client.setQueriesData<Data>(LISTS, (data) => withItems(data, change));
}

/** Lets everything that shows workflows look again. */
export function refreshWorkflows(client: QueryClient, id?: string): void {
  void client.invalidateQueries({ queryKey: ['workflows'] });
  void client.invalidateQueries({ queryKey: ['triggers'] });
  if (id !== undefined) void client.invalidateQueries({ queryKey: ['workflow', id] });
}

async function setEnabled(
  client: QueryClient,
  { id, name }: WorkflowSummary,
  enabled: boolean,
): Promise<void> {
  const show = (value: boolean) =>
    showAlready(client, (item) => (item.id === id ? { ...item, enabled: value } : item));
  await show(enabled);
  try {
    const params = { id };
    if (enabled) await request('post', '/api/workflows/:id/enable', { params });
    else await request('post', '/api/workflows/:id/disable', { params });
  } catch (thrown) {
    await show(!enabled);
    tellError(`“${name}” could not be switched ${enabled ? 'on' : 'off'}`, thrown);
  }
  refreshWorkflows(client, id);
}

async function restore(client: QueryClient, { id, name }: WorkflowSummary): Promise<void> {
  try {
    await request('post', '/api/workflows/:id/restore', { params: { id } });
    tell(`“${name}” is back.`);
  } catch (thrown) {
    tellError(`“${name}” could not be brought back`, thrown);
  }
  refreshWorkflows(client, id);
}

async function remove(client: QueryClient, workflow: WorkflowSummary): Promise<void> {
  const { id, name } = workflow;
  await showAlready(client, (item) => (item.id === id ? undefined : item));
  try {
    await request('delete', '/api/workflows/:id', { params: { id } });
    tellWithUndo(`Deleted “${name}”.`, () => void restore(client, workflow));
  } catch (thrown) {
    tellError(`“${name}” could not be deleted`, thrown);
  }
  refreshWorkflows(client, id);
}

async function duplicate(client: QueryClient, { id, name }: WorkflowSummary): Promise<void> {
  try {
    const copy = await request('post', '/api/workflows/:id/duplicate', { params: { id } });
    tell(`Duplicated “${name}” as “${copy.name}”. The copy is switched off.`);
  } catch (thrown) {
    tellError(`“${name}” could not be duplicated`, thrown);
  }
  refreshWorkflows(client);
}

/** Starts the published version, or the draft of what was never published; answers the execution's id. */
async function execute({ id, name, publishedVersion }: WorkflowSummary): Promise<string | undefined> {
  try {
    const body = publishedVersion === null ? { draft: true } : {};
    return (await request('post', '/api/workflows/:id/execute', { params: { id }, body })).executionId;
  } catch (thrown) {
    const needsValues = thrown instanceof Refused && thrown.problem.code === 'variables.invalid';
    const what = needsValues
      ? `“${name}” needs values: open it and run it from there`
      : `“${name}” did not start`;
    tellError(what, thrown);
    return undefined;
  }
}

/** What can be done with a workflow from outside of the builder; each tells how it went. */
export function useWorkflowActions() {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMemo(
    () => ({
      open: ({ id }: WorkflowSummary) => navigate(paths.workflow(id)),
      setEnabled: (workflow: WorkflowSummary, enabled: boolean) => setEnabled(client, workflow, enabled),
      remove: (workflow: WorkflowSummary) => remove(client, workflow),
      duplicate: (workflow: WorkflowSummary) => duplicate(client, workflow),
      async execute(workflow: WorkflowSummary) {
        const started = await execute(workflow);
        if (started !== undefined) navigate(paths.execution(started));
      },
    }),
    [client, navigate],
  );
}

export type WorkflowActions = ReturnType<typeof useWorkflowActions>;
