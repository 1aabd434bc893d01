import { Box, ScrollArea, Tabs } from '@mantine/core';
import { memo, useDeferredValue, useMemo } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import type { Json } from '#shared/json.ts';
import { StepPanel } from '#ui/config/step-panel.tsx';
import { WorkflowPanel } from '#ui/config/workflow-panel.tsx';
import { idRefusal, renameId } from '#ui/document/ids.ts';
import { outlineOf, type StepPlace } from '#ui/document/outline.ts';
import { setInDefinition } from '#ui/document/path.ts';
import { setField } from '#ui/document/steps.ts';
import { tellError } from '#ui/kit/toast.ts';
import { EdgePanel, LeadsTo } from './edge-panel.tsx';
import { type Known, scopeOf } from './scope.ts';
import { type Panel, type PlacedProblem, useDefinition, useEditing } from './store.ts';

interface InspectorProps {
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
  return (
    <ScrollArea h="100%" type="auto" viewportProps={{ tabIndex: -1 }}>
      {place && <StepSide key={place.id} {...{ place, scope, known, onTry, onRunUntil }} />}
      {edge && <EdgePanel edge={edge} scope={scope} />}
      {!place && !edge && <WorkflowSide scope={scope} known={known} />}
    </ScrollArea>
  );
});

type Scope = ReturnType<typeof scopeOf>;

/** A problem's path as the step itself sees it: `steps[2].action.type` → `action.type`. */
function within(problem: PlacedProblem, place: StepPlace): PlacedProblem {
  const prefix = place.path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
  return {
    ...problem,
    path: problem.path.startsWith(prefix) ? problem.path.slice(prefix.length + 1) : problem.path,
  };
}

interface StepSideProps extends InspectorProps {
  place: StepPlace;
  scope: Scope;
}

function StepSide({ place, scope, known, onTry, onRunUntil }: StepSideProps) {
  const { edit, select, problems } = useEditing((state) => state);
  const definition = useDefinition();
  const own = useMemo(
    () => problems.filter(({ step }) => step === place.id).map((problem) => within(problem, place)),
    [problems, place],
  );
  if (!known.catalog) return null;
  const onRenameId = (wished: string): void => {
    const refused = idRefusal(definition, place.id, wished);
    if (refused !== undefined) {
      tellError('The id stays as it is', new Error(refused));
      return;
    }
    edit((before) => renameId(before, place.id, wished));
    select([wished]);
  };
  return (
    <>
      <Box p="md">
        <StepPanel
          id={place.id}
          step={place.step}
          catalog={known.catalog}
          scope={scope}
          problems={own}
          isReadOnly={false}
          onChange={(path: Path, value: Json | undefined) =>
            edit((before) => setField(before, place.id, path, value), `${place.id} ${path.join('.')}`)
          }
          onRename={(name) =>
            edit((before) => setField(before, place.id, ['name'], name), `${place.id} name`)
          }
          onRenameId={onRenameId}
          onTry={() => onTry(place.id)}
          onRunUntil={() => onRunUntil(place.id)}
        />
      </Box>
      <LeadsTo place={place} />
    </>
  );
}

const SECTIONS: { value: Exclude<Panel, 'step'>; label: string }[] = [
  { value: 'triggers', label: 'Triggers' },
  { value: 'variables', label: 'Variables' },
  { value: 'settings', label: 'Settings' },
];

function WorkflowSide({ scope, known }: { scope: Scope; known: Known }) {
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
