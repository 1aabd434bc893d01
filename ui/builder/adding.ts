import { useCallback, useState } from 'react';
import type { JsonObject } from '#shared/json.ts';
import { STEP } from '#ui/canvas/layout.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { addStep, type Point, type Spot, setField } from '#ui/document/steps.ts';
import { type EditingStore, useEditingStore } from './store.ts';
import type { Template } from './templates.ts';

/** Where a step that is about to be chosen goes. */
export interface Adding {
  title: string;
  spot: Spot;
  at?: Point;
}

/** Adds a step at a spot, selects it, and shows its panel. */
export function addTemplate(store: EditingStore, { step }: Template, spot: Spot, at?: Point): void {
  const { edit, select, show } = store.getState();
  let added = '';
  edit((definition) => {
    const { definition: next, id } = addStep(definition, step, spot);
    added = id;
    if (!at) return next;
    return setField(next, id, ['position'], { x: snap(at.x - STEP.width / 2), y: snap(at.y) });
  });
  select([added]);
  show('step');
}

const GRID = 8;
const snap = (value: number): number => Math.round(value / GRID) * GRID;

/** Behind the selected step, or at the end of the workflow. */
export function spotNow(definition: JsonObject, selected: ReadonlySet<string>): Spot {
  const { steps } = outlineOf(definition);
  const id = [...selected].find((each) => steps.has(each));
  return id === undefined ? { kind: 'end', list: 'steps' } : { kind: 'after', step: id };
}

/** The picker's state: what is about to be added, and how it is. */
export function useAdding() {
  const store = useEditingStore();
  const [adding, setAdding] = useState<Adding>();
  const here = useCallback(() => {
    const { history, selected } = store.getState();
    return spotNow(history.present.definition, selected);
  }, [store]);
  const startHere = useCallback(() => setAdding({ title: 'Add a step', spot: here() }), [here]);
  const startFinally = useCallback(
    () => setAdding({ title: 'Add a step that runs last', spot: { kind: 'end', list: 'finally' } }),
    [],
  );
  const addHere = useCallback((template: Template) => addTemplate(store, template, here()), [store, here]);
  return {
    adding,
    start: setAdding,
    startHere,
    startFinally,
    addHere,
    cancel: () => setAdding(undefined),
    pick: (template: Template) => {
      if (adding) addTemplate(store, template, adding.spot, adding.at);
      setAdding(undefined);
    },
  };
}
