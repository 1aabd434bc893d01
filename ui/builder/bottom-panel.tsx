import { Skeleton, Tabs } from '@mantine/core';
import { Suspense, useDeferredValue, useEffect, useMemo } from 'react';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { Boundary } from '#ui/app/boundary.tsx';
import { ProblemsList } from '#ui/code/problems-list.tsx';
import { late, whenIdle } from '#ui/kit/late.ts';
import { ResizeEdge, useSize } from '#ui/kit/resizable.tsx';
import { pinsOf } from '#ui/trying/pins.ts';
import type { SandboxPanelProps } from '#ui/trying/sandbox-panel.tsx';
import classes from './builder.module.css';
import type { useKnown } from './known.ts';
import { useDefinition, useEditing } from './store.ts';
import type { Dialogs } from './use-dialogs.tsx';

const StepData = late(async () => (await import('./step-data.tsx')).StepData);
const SandboxPanel = late(async () => (await import('#ui/trying/sandbox-panel.tsx')).SandboxPanel);

/** What is shown below the canvas. */
export type Bottom = 'problems' | 'data' | 'sandbox';

const BOTTOM = { initial: 200, smallest: 80, largest: 640 };

interface BottomProps {
  view: WorkflowView;
  known: ReturnType<typeof useKnown>;
  tab: Bottom;
  onTab: (tab: Bottom) => void;
  dialogs: Dialogs;
  onTrial: SandboxPanelProps['onResult'];
}

/** Below the canvas: problems, data and trials. */
export function BottomPanel({ view, known, tab, onTab, dialogs, onTrial }: BottomProps) {
  const [height, setHeight] = useSize('bottom', BOTTOM);
  const problems = useEditing((state) => state.problems);
  useEffect(() => whenIdle([StepData.prefetch, SandboxPanel.prefetch]), []);
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
        <Boundary key={tab}>
          <Tabs.Panel value="problems" className={classes.bottomPanel}>
            <ProblemsList problems={problems} onOpen={dialogs.actions.openProblem} />
          </Tabs.Panel>
          <Tabs.Panel value="data" className={classes.bottomPanel}>
            <Suspense fallback={<Skeleton h="100%" />}>
              <StepData known={known} onTogglePin={dialogs.actions.togglePin} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="sandbox" className={classes.bottomPanel}>
            <Suspense fallback={<Skeleton h="100%" />}>
              <Sandbox workflowId={view.id} onResult={onTrial} />
            </Suspense>
          </Tabs.Panel>
        </Boundary>
      </Tabs>
    </>
  );
}

/** The draft as it is now, to be tried. */
function Sandbox({ workflowId, onResult }: Pick<SandboxPanelProps, 'workflowId' | 'onResult'>) {
  const [selectedStep] = useEditing((state) => state.selected);
  const select = useEditing((state) => state.select);
  const definition = useDeferredValue(useDefinition());
  const pins = useMemo(() => pinsOf(definition), [definition]);
  return (
    <SandboxPanel
      {...{ workflowId, definition, pins, onResult, selectedStep }}
      onSelectStep={(id) => select([id])}
    />
  );
}
