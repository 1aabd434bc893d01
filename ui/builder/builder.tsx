import { Button, Skeleton } from '@mantine/core';
import { usePrefetchQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { catalogQuery, lastRunQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { NO_OVERLAY, type Overlay, overlayOf } from '#ui/canvas/overlay.ts';
import { late, whenIdle } from '#ui/kit/late.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { ResizeEdge, useSize } from '#ui/kit/resizable.tsx';
import { useExecution } from '#ui/runs/use-execution.ts';
import { useAdding } from './adding.ts';
import { type Bottom, BottomPanel } from './bottom-panel.tsx';
import classes from './builder.module.css';
import { useClipboard } from './clipboard-events.ts';
import { DraftCanvas } from './draft-canvas.tsx';
import { FollowBar } from './follow-bar.tsx';
import { Header } from './header.tsx';
import { Inspector } from './inspector.tsx';
import { useKnown } from './known.ts';
import { useLeaveField } from './leave-field.ts';
import { Palette } from './palette.tsx';
import { ProblemFinder } from './problem-finder.ts';
import type { Saving } from './saver.ts';
import { ConflictDialog } from './saving-line.tsx';
import { type Session, useSession } from './session.ts';
import { EditingProvider, useEditing } from './store.ts';
import { templatesOf } from './templates.ts';
import { useBuilderCommands } from './use-commands.ts';
import { type Dialogs, useDialogs } from './use-dialogs.tsx';

/** What is not there at first sight is fetched when it is opened, or when the page is idle. */
const CodeView = late(async () => (await import('./code-view.tsx')).CodeView);
const StepPicker = late(async () => (await import('./step-picker.tsx')).StepPicker);

/** The builder: where a workflow is drawn, written, tried and published. */
export function Builder({ id }: { id: string }) {
  const { session, saving, view, setView, error } = useSession(id);
  usePrefetchQuery(catalogQuery);
  if (error)
    return (
      <Notice
        kind="error"
        title="The workflow could not be opened"
        detail={error.message}
        action={
          <Button component={Link} href={paths.workflows}>
            Go to the workflows
          </Button>
        }
      />
    );
  if (!session || !view) return <Skeleton className={classes.waiting} radius={0} />;
  return (
    <EditingProvider value={session.store}>
      <Page session={session} saving={saving} view={view} setView={setView} />
    </EditingProvider>
  );
}

interface PageProps {
  session: Session;
  saving: Saving;
  view: WorkflowView;
  setView: (view: WorkflowView) => void;
}

function Page(props: PageProps) {
  const { session, saving, view } = props;
  const [bottom, setBottom] = useState<Bottom>('problems');
  const [trial, setTrial] = useState<Overlay>();
  const [following, setFollowing] = useState<string>();
  const { data: execution } = useExecution(following);
  const known = useKnown(view.id);
  const mode = useEditing((state) => state.mode);
  const dialogs = useDialogs({ ...props, known, onFollow: setFollowing });
  useLastRun(view.id, execution);
  const overlay = useMemo(
    () => (execution ? overlayOf(execution.steps) : (trial ?? NO_OVERLAY)),
    [execution, trial],
  );
  const isTrying = bottom === 'sandbox';
  return (
    <div className={classes.page}>
      <ProblemFinder texts={session.texts} />
      <Header
        view={view}
        saving={saving}
        isTrying={isTrying}
        onTry={() => setBottom(isTrying ? 'problems' : 'sandbox')}
        onRun={dialogs.actions.run}
        onPublish={dialogs.actions.publish}
        onVersions={dialogs.actions.versions}
        onEnable={dialogs.enable}
      />
      <Body
        session={session}
        view={view}
        known={known}
        overlay={overlay}
        dialogs={dialogs}
        isCanvas={mode !== 'code'}
        isCode={mode !== 'canvas'}
        over={execution && <FollowBar execution={execution} onClose={() => setFollowing(undefined)} />}
        below={
          <BottomPanel
            view={view}
            known={known}
            tab={bottom}
            onTab={setBottom}
            dialogs={dialogs}
            onTrial={(result) => setTrial(result && overlayOf(result.steps))}
          />
        }
      />
      {dialogs.shown}
      <ConflictDialog saving={saving} onChoose={(choice) => session.saver.resolve(choice)} />
    </div>
  );
}

/** When an execution that was followed has ended, it is the last run: its data is shown and completed. */
function useLastRun(workflowId: string, execution: ExecutionView | undefined): void {
  const client = useQueryClient();
  const ended = execution?.endTime ? execution.executionId : undefined;
  useEffect(() => {
    if (ended !== undefined) void client.invalidateQueries({ queryKey: lastRunQuery(workflowId).queryKey });
  }, [client, workflowId, ended]);
}

interface BodyProps {
  session: Session;
  view: WorkflowView;
  known: ReturnType<typeof useKnown>;
  overlay: Overlay;
  dialogs: Dialogs;
  isCanvas: boolean;
  isCode: boolean;
  over: React.ReactNode;
  below: React.ReactNode;
}

const PALETTE = { initial: 208, smallest: 160, largest: 360 };
const INSPECTOR = { initial: 344, smallest: 280, largest: 640 };

function Body({ session, known, overlay, dialogs, isCanvas, isCode, over, below }: BodyProps) {
  const [left, setLeft] = useSize('palette', PALETTE);
  const [right, setRight] = useSize('inspector', INSPECTOR);
  const templates = useMemo(() => (known.catalog ? templatesOf(known.catalog) : []), [known.catalog]);
  const adding = useAdding();
  const [renaming, setRenaming] = useState<string>();
  const focusPanel = useCallback(() => {
    document.querySelector<HTMLElement>('[data-inspector] input, [data-inspector] button')?.focus();
  }, []);
  const panel = useRef<HTMLDivElement>(null);
  useLeaveField(panel);
  const stopRenaming = useCallback(() => setRenaming(undefined), []);
  useClipboard(isCanvas);
  useEffect(() => whenIdle([StepPicker.prefetch]), []);
  useBuilderCommands(
    useMemo(
      () => ({
        onAdd: adding.startHere,
        onAddFinally: adding.startFinally,
        onRename: setRenaming,
        onOpen: focusPanel,
        onSave: dialogs.actions.save,
        onPublish: dialogs.actions.publish,
        onRun: dialogs.actions.run,
        onRunUntil: dialogs.actions.runUntil,
        onTogglePin: dialogs.actions.togglePin,
        onAlign: dialogs.actions.align,
      }),
      [adding.startHere, adding.startFinally, focusPanel, dialogs.actions],
    ),
  );
  return (
    <div className={classes.body}>
      {isCanvas && (
        <>
          <div className={classes.side} style={{ width: left }}>
            <Palette templates={templates} onAdd={adding.addHere} />
          </div>
          <ResizeEdge label="Width of the steps" side="left" size={left} onResize={setLeft} />
        </>
      )}
      <div className={classes.middle}>
        <div className={classes.views}>
          {isCanvas && (
            <div className={classes.view}>
              {over}
              <DraftCanvas
                catalog={known.catalog}
                templates={templates}
                overlay={overlay}
                renaming={renaming}
                onRenamed={stopRenaming}
                onAdding={adding.start}
                onOpen={focusPanel}
                onRename={setRenaming}
              />
              <BrokenText />
            </div>
          )}
          {isCode && (
            <div className={classes.view}>
              <Suspense fallback={<Skeleton h="100%" />}>
                <CodeView session={session} catalog={known.catalog} reveal={dialogs.reveal} />
              </Suspense>
            </div>
          )}
        </div>
        {below}
      </div>
      <ResizeEdge label="Width of the configuration" side="right" size={right} onResize={setRight} />
      <div className={classes.side} style={{ width: right }} data-inspector ref={panel}>
        <Inspector known={known} onTry={dialogs.actions.tryStep} onRunUntil={dialogs.actions.runUntil} />
      </div>
      {adding.adding && (
        <Suspense>
          <StepPicker
            title={adding.adding.title}
            templates={templates}
            onPick={adding.pick}
            onClose={adding.cancel}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Over the canvas, while the text cannot be read: what is drawn is the last that could. */
function BrokenText() {
  const isBroken = useEditing(({ history }) => history.present.broken !== undefined);
  const setMode = useEditing((state) => state.setMode);
  if (!isBroken) return null;
  return (
    <div className={classes.broken} role="alert">
      The text cannot be read as a definition. This is how it was before; a change made here replaces the
      text.{' '}
      <Button variant="default" size="compact-xs" onClick={() => setMode('code')}>
        Show the text
      </Button>
    </div>
  );
}
