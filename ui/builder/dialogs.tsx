import { useQuery } from '@tanstack/react-query';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { diffWorkflows } from '#shared/definition/diff.ts';
import type { Problem } from '#shared/definition/problem.ts';
import { request } from '#ui/api/client.ts';
import { useChecker } from '#ui/check/use-checker.ts';
import { ExecuteDialog, type ExecuteMode } from '#ui/trying/execute-dialog.tsx';
import { pinsOf } from '#ui/trying/pins.ts';
import { triggersIn, variablesIn } from '#ui/trying/run-input.ts';
import { PublishDialog } from '#ui/versions/publish-dialog.tsx';
import type { Session } from './session.ts';
import { type PlacedProblem, useDefinition, useEditing } from './store.ts';

interface PublishProps {
  session: Session;
  view: WorkflowView;
  isBusy: boolean;
  onPublish: (note: string) => void;
  onClose: () => void;
  onOpenProblem: (problem: PlacedProblem & Problem) => void;
}

/** What the draft changes of the published version. */
function useChanges({ texts }: Session, view: WorkflowView) {
  const checker = useChecker();
  const present = useEditing(({ history }) => history.present);
  return useQuery({
    queryKey: ['changes', view.id, view.revision, present],
    queryKeyHashFn: ([, id, revision]) => `changes ${id} ${revision}`,
    enabled: checker !== undefined && view.publishedVersion !== null,
    gcTime: 0,
    queryFn: async () => {
      const version = String(view.publishedVersion);
      const before = await request('get', '/api/workflows/:id/versions/:version', {
        params: { id: view.id, version },
      });
      const old = await checker?.check(before.source);
      const now = await checker?.check(await texts.of(present));
      return old?.workflow && now?.workflow ? diffWorkflows(old.workflow, now.workflow) : [];
    },
  });
}

/** Asks before the draft becomes the version that runs. */
export function Publish({ session, view, isBusy, onPublish, onClose, onOpenProblem }: PublishProps) {
  const problems = useEditing((state) => state.problems);
  const { data, error } = useChanges(session, view);
  const known = data ?? (error ? { error: error.message } : 'comparing');
  return (
    <PublishDialog
      problems={problems}
      changes={view.publishedVersion === null ? 'first' : known}
      nextVersion={(view.publishedVersion ?? 0) + 1}
      isBusy={isBusy}
      onPublish={onPublish}
      onClose={onClose}
      onOpenProblem={onOpenProblem}
    />
  );
}

interface ExecuteProps {
  workflowId: string;
  mode: ExecuteMode;
  onStarted: (executionId: string) => void;
  onClose: () => void;
}

/** Asks what to execute the draft with. */
export function Execute({ workflowId, mode, onStarted, onClose }: ExecuteProps) {
  const definition = useDefinition();
  return (
    <ExecuteDialog
      workflowId={workflowId}
      variables={variablesIn(definition)}
      triggers={triggersIn(definition)}
      mode={mode}
      definition={definition}
      pins={pinsOf(definition)}
      onStarted={(executionId) => {
        onClose();
        onStarted(executionId);
      }}
      onClose={onClose}
    />
  );
}
