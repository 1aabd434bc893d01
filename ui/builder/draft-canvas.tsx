import { Button, Stack, Text } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import classes from '#ui/canvas/canvas.module.css';
import { Canvas } from '#ui/canvas/canvas.tsx';
import type { CanvasShared } from '#ui/canvas/canvas-store.ts';
import type { Overlay } from '#ui/canvas/overlay.ts';
import type { CanvasActions } from '#ui/canvas/use-drops.ts';
import { connect, refusal } from '#ui/document/edges.ts';
import { changeNote } from '#ui/document/notes.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { getIn } from '#ui/document/path.ts';
import { setField } from '#ui/document/steps.ts';
import { tellError } from '#ui/kit/toast.ts';
import { type Adding, addTemplate } from './adding.ts';
import { facesOf } from './faces.ts';
import { dragged, draggedInto } from './step-edits.ts';
import { type EditingStore, useDefinition, useEditing, useEditingStore } from './store.ts';
import type { CatalogAnswer, Template } from './templates.ts';
import { useFollowed } from './use-followed.ts';

interface DraftCanvasProps {
  catalog: CatalogAnswer | undefined;
  templates: readonly Template[];
  overlay: Overlay;
  renaming: string | undefined;
  onRenamed: () => void;
  onAdding: (adding: Adding) => void;
  onOpen: (id: string) => void;
  onRename: (id: string) => void;
}

/** What is done on the canvas, done to the draft. */
function actionsOn(
  store: EditingStore,
  templates: readonly Template[],
  onAdding: (adding: Adding) => void,
): CanvasActions {
  const edit = store.getState().edit;
  return {
    onMove: (positions, into) =>
      edit((definition) =>
        into === undefined ? dragged(definition, positions) : draggedInto(definition, positions, into),
      ),
    onConnect: (source, target, isFailure) => {
      const reason = refusal(store.getState().history.present.definition, source, target);
      if (reason !== undefined) {
        tellError('These cannot be joined', new Error(reason));
        return;
      }
      edit((definition) => connect(definition, source, target, { type: isFailure ? 'failure' : 'success' }));
    },
    onDropWire: (step, isFailure, at) =>
      onAdding({
        title: 'Add the step that follows',
        spot: { kind: 'after', step, condition: { type: isFailure ? 'failure' : 'success' } },
        at,
      }),
    onDropStep: (key, { edge, list }, at) => {
      const template = templates.find((each) => each.key === key);
      if (!template) return;
      if (edge !== undefined) addTemplate(store, template, { kind: 'on', edge });
      else addTemplate(store, template, { kind: 'alone', list }, at);
    },
  };
}

function withPins(overlay: Overlay, pinned: ReadonlySet<string>): Overlay {
  if (pinned.size === 0) return overlay;
  const steps = new Map(overlay.steps);
  for (const id of pinned) steps.set(id, { ...steps.get(id), isPinned: true });
  return { ...overlay, steps };
}

function useShared(
  { catalog, overlay, renaming, onRenamed, onAdding }: DraftCanvasProps,
  setFolded: (id: string) => void,
) {
  const edit = useEditing((state) => state.edit);
  const problems = useEditing((state) => state.problems);
  const pins = getIn(useDefinition(), ['metadata', 'pins']);
  return useMemo(
    (): Partial<CanvasShared> => ({
      overlay: withPins(overlay, new Set(Object.keys((pins as object | undefined) ?? {}))),
      renaming,
      faceOf: facesOf(catalog),
      problems: new Map(
        problems
          .flatMap(({ step, message }) => (step === undefined ? [] : [[step, message] as const]))
          .reverse(),
      ),
      onAddOnEdge: (edge) => onAdding({ title: 'Add a step on this edge', spot: { kind: 'on', edge } }),
      onAddIn: (list) => onAdding({ title: 'Add a step inside', spot: { kind: 'end', list } }),
      onToggle: setFolded,
      onRename: (id, name) => edit((definition) => setField(definition, id, ['name'], name)),
      onRenamed,
      onChangeNote: (id, change) => edit((definition) => changeNote(definition, id, change), `note ${id}`),
    }),
    [overlay, pins, renaming, onRenamed, catalog, problems, onAdding, setFolded, edit],
  );
}

/** The draft on its canvas. */
export const DraftCanvas = memo(function DraftCanvas(props: DraftCanvasProps) {
  const { templates, onAdding, onOpen, onRename } = props;
  const store = useEditingStore();
  const definition = useFollowed(useDefinition());
  const selected = useEditing((state) => state.selected);
  const select = useEditing((state) => state.select);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [toggle] = useState(() => (id: string) => setCollapsed((before) => toggled(before, id)));
  const shared = useShared(props, toggle);
  const actions = useMemo(() => actionsOn(store, templates, onAdding), [store, templates, onAdding]);
  const isEmpty = outlineOf(definition).steps.size === 0;
  return (
    <Canvas
      definition={definition}
      actions={actions}
      selected={selected}
      onSelect={select}
      onOpen={(id) => {
        if (collapsed.has(id)) toggle(id);
        else if (outlineOf(definition).steps.has(id)) onOpen(id);
        else onRename(id);
      }}
      shared={shared}
      collapsed={collapsed}
    >
      {isEmpty && (
        <EmptyCanvas
          onAdd={() => onAdding({ title: 'Add the first step', spot: { kind: 'end', list: 'steps' } })}
        />
      )}
    </Canvas>
  );
});

const toggled = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

function EmptyCanvas({ onAdd }: { onAdd: () => void }) {
  return (
    <div className={classes.empty}>
      <Stack align="center" gap="sm">
        <Text fw={600}>Nothing happens here yet</Text>
        <Text size="sm" c="var(--house-muted)">
          Drag a step here, press N, or paste steps as YAML.
        </Text>
        <Button onClick={onAdd}>Add the first step</Button>
      </Stack>
    </div>
  );
}
