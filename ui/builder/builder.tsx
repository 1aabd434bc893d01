import { Button, Skeleton, Tabs } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { lastRunQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { NO_OVERLAY, type Overlay, overlayOf } from '#ui/canvas/overlay.ts';
import { ProblemsList } from '#ui/code/problems-list.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { ResizeEdge, useSize } from '#ui/kit/resizable.tsx';
import { useExecution } from '#ui/runs/use-execution.ts';
import { pinsOf } from '#ui/trying/pins.ts';
import { SandboxPanel } from '#ui/trying/sandbox-panel.tsx';
import { useAdding } from './adding.ts';
import classes from './builder.module.css';
import { useClipboard } from './clipboard-events.ts';
import { CodeView } from './code-view.tsx';
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
import { StepData } from './step-data.tsx';
import { StepPicker } from './step-picker.tsx';
import { EditingProvider, useDefinition, useEditing } from './store.ts';
import { templatesOf } from './templates.ts';
import { useBuilderCommands } from './use-commands.ts';
import { type Dialogs, useDialogs } from './use-dialogs.tsx';

/** The builder: where a workflow is drawn, written, tried and published. */
export function Builder({ id }: { id: string }) {
  const { session, saving, view, setView, error } = useSession(id);
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

type Bottom = 'problems' | 'data' | 'sandbox';

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
              <CodeView texts={session.texts} catalog={known.catalog} reveal={dialogs.reveal} />
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
        <StepPicker
          title={adding.adding.title}
          templates={templates}
          onPick={adding.pick}
          onClose={adding.cancel}
        />
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

const BOTTOM = { initial: 200, smallest: 80, largest: 640 };

interface BottomProps {
  view: WorkflowView;
  known: ReturnType<typeof useKnown>;
  tab: Bottom;
  onTab: (tab: Bottom) => void;
  dialogs: Dialogs;
  onTrial: Parameters<typeof SandboxPanel>[0]['onResult'];
}

function BottomPanel({ view, known, tab, onTab, dialogs, onTrial }: BottomProps) {
  const [height, setHeight] = useSize('bottom', BOTTOM);
  const problems = useEditing((state) => state.problems);
  const selected = useEditing((state) => state.selected);
  const select = useEditing((state) => state.select);
  const definition = useDeferredValue(useDefinition());
  const pins = useMemo(() => pinsOf(definition), [definition]);
  const [selectedStep] = selected;
  return (
    <>
      <ResizeEdge label="Height of the panel below" side="below" size={height} onResize={setHeight} />
      <Tabs
        value={tab}
        onChange={(value) => value !== null && onTab(value as Bottom)}
        className={classes.bottom}
        style={{ height }}
        keepMounted={false}
      >
        <Tabs.List aria-label="Below the canvas">
          <Tabs.Tab value="problems">Problems {problems.length}</Tabs.Tab>
          <Tabs.Tab value="data">Data</Tabs.Tab>
          <Tabs.Tab value="sandbox">Sandbox</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="problems" className={classes.bottomPanel}>
          <ProblemsList problems={problems} onOpen={dialogs.actions.openProblem} />
        </Tabs.Panel>
        <Tabs.Panel value="data" className={classes.bottomPanel}>
          <StepData known={known} onTogglePin={dialogs.actions.togglePin} />
        </Tabs.Panel>
        <Tabs.Panel value="sandbox" className={classes.bottomPanel}>
          <SandboxPanel
            workflowId={view.id}
            definition={definition}
            pins={pins}
            onResult={onTrial}
            selectedStep={selectedStep}
            onSelectStep={(id) => select([id])}
          />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
