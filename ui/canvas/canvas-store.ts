import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { NO_OVERLAY, type Overlay, type StepMark } from './overlay.ts';

/** How a step looks beside its name. */
export interface Face {
  icon: string;
  group: string;
  title: string;
}

/** What the parts of a canvas share, besides the nodes and edges themselves. */
export interface CanvasShared {
  isReadOnly: boolean;
  overlay: Overlay;
  /** Ids of steps that problems are in. */
  problems: ReadonlyMap<string, string>;
  hoveredEdge: string | undefined;
  /** It is seen from so far that nobody reads details: nodes are drawn with their name alone. */
  isFar: boolean;
  /** A wire is being drawn. */
  isWiring: boolean;
  /** A step that is being given another name in place, or a note that is being written. */
  renaming: string | undefined;
  faceOf(type: string): Face;
  /** Why two steps cannot be joined; undefined where they can. */
  refusalOf?(source: string, target: string): string | undefined;
  onAddOnEdge?(edge: string): void;
  onAddIn?(list: string): void;
  onToggle?(step: string): void;
  onRename?(step: string, name: string): void;
  /** Whatever was being renamed or written is so no more. */
  onRenamed?(): void;
  onChangeNote?(
    id: string,
    change: { text?: string; width?: number; height?: number; colour?: string },
  ): void;
}

export type CanvasStore = StoreApi<CanvasShared>;

export const createCanvasStore = (): CanvasStore =>
  createStore<CanvasShared>(() => ({
    isReadOnly: true,
    overlay: NO_OVERLAY,
    problems: new Map(),
    hoveredEdge: undefined,
    isFar: false,
    isWiring: false,
    renaming: undefined,
    faceOf: (title) => ({ icon: '', group: '', title }),
  }));

const Context = createContext<CanvasStore | undefined>(undefined);

export const CanvasProvider = Context.Provider;

export function useCanvasStore(): CanvasStore {
  const store = useContext(Context);
  if (!store) throw new Error('There is no canvas around this.');
  return store;
}

/** A part of what the canvas shares; the component is drawn again when that part changes. */
export const useCanvas = <T>(part: (shared: CanvasShared) => T): T => useStore(useCanvasStore(), part);

const NO_MARK: StepMark = {};

/** What is said of a step. */
export const useMark = (step: string): StepMark =>
  useStore(
    useCanvasStore(),
    useShallow(({ overlay }) => overlay.steps.get(step) ?? NO_MARK),
  );
