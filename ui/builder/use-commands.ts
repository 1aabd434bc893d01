import { useMemo } from 'react';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { addNote, notesOf, removeNotes } from '#ui/document/notes.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { forgetPositions, removeEdges, removeSteps, toggleDisabled } from '#ui/document/steps.ts';
import { tellError } from '#ui/kit/toast.ts';
import { duplicateChosen } from './clipboard-events.ts';
import { moving } from './moving.ts';
import { type EditingStore, useEditingStore } from './store.ts';
import { type Direction, reach, stepTowards } from './walking.ts';

/** What the page around the canvas does. */
export interface PageActions {
  onAdd(): void;
  onAddFinally(): void;
  onRename(id: string): void;
  onOpen(id: string): void;
  onSave(): void;
  onPublish(): void;
  onRun(): void;
  onRunUntil(id: string): void;
  onTogglePin(id: string): void;
  onAlign(ids: readonly string[], axis: 'x' | 'y'): void;
}

function parts(store: EditingStore) {
  const { history, selected } = store.getState();
  const { definition } = history.present;
  const outline = outlineOf(definition);
  const notes = new Set(notesOf(definition).map(({ id }) => id));
  const ids = [...selected];
  return {
    definition,
    steps: ids.filter((id) => outline.steps.has(id)),
    notes: new Set(ids.filter((id) => notes.has(id))),
    edges: ids.filter((id) => !outline.steps.has(id) && !notes.has(id)),
  };
}

/** Removes all that is selected. */
export function removeSelected(store: EditingStore, isHealed: boolean): void {
  const { steps, notes, edges } = parts(store);
  store
    .getState()
    .edit((definition) => removeNotes(removeSteps(removeEdges(definition, edges), steps, isHealed), notes));
}

function changing(store: EditingStore): Command[] {
  const edit = store.getState().edit;
  const withSteps = (change: (ids: string[]) => void) => () => {
    const { steps } = parts(store);
    if (steps.length > 0) change(steps);
  };
  const duplicate = (): void =>
    void duplicateChosen(store).catch((thrown) => tellError('Nothing was duplicated', thrown));
  const group = 'Edit';
  return [
    { id: 'undo', title: 'Undo', group, keys: ['mod+Z'], run: () => store.getState().undo() },
    { id: 'redo', title: 'Redo', group, keys: ['mod+shift+Z', 'mod+Y'], run: () => store.getState().redo() },
    { id: 'duplicate', title: 'Duplicate the steps', group, keys: ['mod+D'], run: duplicate },
    {
      id: 'remove',
      title: 'Delete what is selected',
      group,
      keys: ['Delete', 'Backspace'],
      run: () => removeSelected(store, false),
    },
    {
      id: 'heal',
      title: 'Delete and join the neighbours',
      group,
      keys: ['mod+Delete', 'mod+Backspace'],
      run: () => removeSelected(store, true),
    },
    {
      id: 'disable',
      title: 'Disable or enable the steps',
      group,
      keys: ['D'],
      run: withSteps((ids) => edit((definition) => toggleDisabled(definition, ids))),
    },
    {
      id: 'note',
      title: 'Add a note',
      group,
      keys: ['shift+S'],
      run: () => edit((definition) => addNote(definition, { x: -280, y: 0 }).definition),
    },
    { id: 'tidy', title: 'Tidy up the canvas', group, keys: ['shift+T'], run: () => edit(forgetPositions) },
  ];
}

function selecting(store: EditingStore): Command[] {
  const select = store.getState().select;
  const go = (direction: Direction) => () => {
    const { definition, steps } = parts(store);
    const next = stepTowards(definition, steps[0], direction);
    if (next !== undefined) select([next]);
  };
  const widen = (direction: 'up' | 'down') => () => {
    const { definition, steps } = parts(store);
    if (steps[0] !== undefined) select(reach(definition, steps[0], direction));
  };
  const group = 'Select';
  const isListed = false;
  return [
    {
      id: 'all',
      title: 'Select all steps',
      group,
      keys: ['mod+A'],
      run: () => select(outlineOf(parts(store).definition).steps.keys()),
    },
    { id: 'none', title: 'Select nothing', group, keys: ['Escape'], isListed, run: () => select([]) },
    { id: 'down', title: 'Next step', group, keys: ['ArrowDown'], isListed, run: go('down') },
    { id: 'up', title: 'Step before', group, keys: ['ArrowUp'], isListed, run: go('up') },
    { id: 'right', title: 'Step beside', group, keys: ['ArrowRight'], isListed, run: go('right') },
    { id: 'left', title: 'Step beside, backwards', group, keys: ['ArrowLeft'], isListed, run: go('left') },
    {
      id: 'downstream',
      title: 'Select all that follows',
      group,
      keys: ['shift+ArrowRight'],
      run: widen('down'),
    },
    {
      id: 'upstream',
      title: 'Select all that leads here',
      group,
      keys: ['shift+ArrowLeft'],
      run: widen('up'),
    },
  ];
}

function onSteps(store: EditingStore, page: PageActions): Command[] {
  const withOne = (action: (id: string) => void) => () => {
    const [id] = parts(store).steps;
    if (id !== undefined) action(id);
  };
  const group = 'Steps';
  return [
    { id: 'add', title: 'Add a step', group, keys: ['N'], run: page.onAdd },
    { id: 'finally', title: 'Add a step that runs last, whatever happens', group, run: page.onAddFinally },
    { id: 'open', title: 'Configure the step', group, keys: ['Enter'], run: withOne(page.onOpen) },
    { id: 'rename', title: 'Rename the step', group, keys: ['F2'], run: withOne(page.onRename) },
    {
      id: 'run-until',
      title: 'Execute up to the step',
      group,
      keys: ['alt+Enter'],
      run: withOne(page.onRunUntil),
    },
    { id: 'pin', title: 'Pin or unpin its output', group, keys: ['P'], run: withOne(page.onTogglePin) },
    {
      id: 'align-x',
      title: 'Align in a column',
      group,
      keys: ['alt+C'],
      run: () => page.onAlign(parts(store).steps, 'x'),
    },
    {
      id: 'align-y',
      title: 'Align in a row',
      group,
      keys: ['alt+R'],
      run: () => page.onAlign(parts(store).steps, 'y'),
    },
  ];
}

/** Offers everything that can be done on the canvas, in the palette and by keys. */
export function useBuilderCommands(page: PageActions): void {
  const store = useEditingStore();
  const commands = useMemo(
    () => [
      ...onSteps(store, page),
      ...changing(store),
      ...moving(store),
      ...selecting(store),
      { id: 'save', title: 'Save the draft now', group: 'Workflow', keys: ['mod+S'], run: page.onSave },
      { id: 'publish', title: 'Publish', group: 'Workflow', keys: ['shift+P'], run: page.onPublish },
      { id: 'run', title: 'Execute now', group: 'Workflow', keys: ['mod+Enter'], run: page.onRun },
    ],
    [store, page],
  );
  useOffered('builder', commands);
}
