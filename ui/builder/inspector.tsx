import { ScrollArea, Skeleton, Tabs } from '@mantine/core';
import { memo, Suspense, useDeferredValue, useEffect, useMemo } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import type { Json } from '#shared/json.ts';
import { Boundary } from '#ui/app/boundary.tsx';
import { WorkflowPanel } from '#ui/config/workflow-panel.tsx';
import { outlineOf } from '#ui/document/outline.ts';
import { setInDefinition } from '#ui/document/path.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { late, whenIdle } from '#ui/kit/late.ts';
import { type Known, scopeOf } from './scope.ts';
import { type Panel, useDefinition, useEditing } from './store.ts';

/** What edits a step or an edge is not needed before one is selected. */
const StepSide = late(async () => (await import('./step-side.tsx')).StepSide);
const EdgePanel = late(async () => (await import('./edge-panel.tsx')).EdgePanel);

export interface InspectorProps {
  known: Known;
  onTry: (step: string) => void;
  onRunUntil: (step: string) => void;
}

/** The panel on the right: the selected step or edge, or the workflow itself. */
export const Inspector = memo(function Inspector({ known, onTry, onRunUntil }: InspectorProps) {
  const definition = useDefinition();
  const selected = useEditing((state) => state.selected);
  const outline = outlineOf(definition);
  const [id] = selected;
  const place = selected.size === 1 && id !== undefined ? outline.steps.get(id) : undefined;
  const edge =
    selected.size === 1
      ? outline.lists.flatMap(({ edges }) => edges).find((each) => each.id === id)
      : undefined;
  // What can be named, and its samples, may be a frame older than what is typed.
  const settled = useDeferredValue(definition);
  const scope = useMemo(
    () => scopeOf(settled, place?.id ?? edge?.source, known),
    [settled, place?.id, edge?.source, known],
  );
  useEffect(() => whenIdle([StepSide.prefetch, EdgePanel.prefetch]), []);
  return (
    <ScrollArea h="100%" type="auto" viewportProps={{ tabIndex: -1 }}>
      <Boundary key={id}>
        <Suspense fallback={<Skeleton h="100vh" radius={0} />}>
          {place && <StepSide key={place.id} {...{ place, scope, known, onTry, onRunUntil }} />}
          {edge && <EdgePanel edge={edge} scope={scope} />}
        </Suspense>
      </Boundary>
      {!place && !edge && <WorkflowSide scope={scope} known={known} />}
    </ScrollArea>
  );
});

const SECTIONS: { value: Exclude<Panel, 'step'>; label: string }[] = [
  { value: 'triggers', label: 'Triggers' },
  { value: 'variables', label: 'Variables' },
  { value: 'settings', label: 'Settings' },
];

function WorkflowSide({ scope, known }: { scope: ScopeInfo; known: Known }) {
  const { edit, panel, show, problems } = useEditing((state) => state);
  const definition = useDefinition();
  const own = useMemo(() => problems.filter(({ step }) => step === undefined), [problems]);
  const section = panel === 'step' ? 'triggers' : panel;
  return (
    <Tabs value={section} onChange={(value) => value !== null && show(value as Panel)} keepMounted={false}>
      <Tabs.List aria-label="The workflow">
        {SECTIONS.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={section} p="md">
        {known.catalog && (
          <WorkflowPanel
            section={section}
            definition={definition}
            catalog={known.catalog}
            scope={scope}
            problems={own}
            isReadOnly={false}
            onChange={(path: Path, value: Json | undefined) =>
              edit((before) => setInDefinition(before, path, value), path.join('.'))
            }
          />
        )}
      </Tabs.Panel>
    </Tabs>
  );
}
