import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { Problem } from '#shared/definition/problem.ts';
import type { JsonObject } from '#shared/json.ts';
import { advance, begin, goBack, goForth, type History, type Snapshot } from '#ui/document/history.ts';
import { notesOf } from '#ui/document/notes.ts';
import { outlineOf } from '#ui/document/outline.ts';

export type Mode = 'canvas' | 'split' | 'code';
export type Panel = 'step' | 'triggers' | 'variables' | 'settings';

/** A problem and the step it is in, where it is in one. */
export interface PlacedProblem extends Problem {
  step?: string;
}

export interface Editing {
  history: History;
  /** A text somebody is writing, with what was typed since it was read last; undefined where nothing was. */
  typed: string | undefined;
  /** Ids of steps, edges and notes. */
  selected: ReadonlySet<string>;
  problems: readonly PlacedProblem[];
  mode: Mode;
  panel: Panel;
  /** Changes the definition. Changes that follow one another quickly under one key are undone as one. */
  edit(change: (definition: JsonObject) => JsonObject, key?: string): void;
  /** Somebody is writing this text: it is read soon, and counts then. */
  type(text: string): void;
  /** Takes a text written by hand; `definition` is what it says, undefined where it cannot be read yet. */
  write(text: string, definition: JsonObject | undefined): void;
  /** Puts another draft in place, as one change: a text, what it says, and what is to be written into it. */
  replace(origin: Snapshot['origin'], definition?: JsonObject): void;
  undo(): void;
  redo(): void;
  select(ids: Iterable<string>): void;
  setProblems(problems: readonly PlacedProblem[]): void;
  setMode(mode: Mode): void;
  show(panel: Panel): void;
}

export type EditingStore = StoreApi<Editing>;

/** What of a selection is still there. */
function kept(selected: ReadonlySet<string>, definition: JsonObject): ReadonlySet<string> {
  const outline = outlineOf(definition);
  const isThere = (id: string): boolean =>
    outline.steps.has(id) ||
    outline.lists.some(({ edges }) => edges.some((edge) => edge.id === id)) ||
    notesOf(definition).some((note) => note.id === id);
  const left = [...selected].filter(isThere);
  return left.length === selected.size ? selected : new Set(left);
}

const moved = (history: History, { selected }: Editing): Partial<Editing> => ({
  history,
  selected: kept(selected, history.present.definition),
});

/** The state of one draft being edited. */
export function createEditing(start: Snapshot): EditingStore {
  return createStore<Editing>((set) => ({
    history: begin(start),
    typed: undefined,
    selected: new Set(),
    problems: [],
    mode: 'canvas',
    panel: 'step',
    edit: (change, key) =>
      set((state) => {
        const { broken: _, ...present } = state.history.present;
        const definition = change(present.definition);
        if (definition === present.definition) return state;
        return moved(advance(state.history, { ...present, definition }, Date.now(), key), state);
      }),
    type: (text) => set({ typed: text }),
    write: (text, definition) =>
      set((state) => {
        const { present } = state.history;
        const next: Snapshot = definition
          ? { definition, origin: { text, definition } }
          : { ...present, broken: text };
        const typed = state.typed === text ? undefined : state.typed;
        return { ...moved(advance(state.history, next, Date.now(), 'text'), state), typed };
      }),
    replace: (origin, definition = origin.definition) =>
      set((state) => moved(advance(state.history, { definition, origin }, Date.now()), state)),
    undo: () => set((state) => moved(goBack(state.history), state)),
    redo: () => set((state) => moved(goForth(state.history), state)),
    select: (ids) => set({ selected: new Set(ids) }),
    setProblems: (problems) => set({ problems }),
    setMode: (mode) => set({ mode }),
    show: (panel) => set({ panel }),
  }));
}

const Context = createContext<EditingStore | undefined>(undefined);

export const EditingProvider = Context.Provider;

/** The store of the draft on this page. */
export function useEditingStore(): EditingStore {
  const store = useContext(Context);
  if (!store) throw new Error('Nothing is being edited here.');
  return store;
}

/** A part of the draft's state; the component is drawn again when that part changes. */
export const useEditing = <T>(part: (state: Editing) => T): T => useStore(useEditingStore(), part);

/** The definition as it is now. */
export const useDefinition = (): JsonObject => useEditing(({ history }) => history.present.definition);
