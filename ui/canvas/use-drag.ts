import { experimental_useOnNodesChangeMiddleware, type NodeChange, useStoreApi } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { createStore, type StoreApi } from 'zustand';
import type { Point } from '#ui/document/steps.ts';
import { useCanvasStore } from './canvas-store.ts';
import { boxOf, type FlowEdge, type FlowNode } from './flow.ts';
import { showPicture } from './resting-picture.ts';

/** Where a node was: on the canvas, and in its frame. */
interface Start extends Point {
  inFrame: Point;
}

/** What is being dragged. */
export interface Drag {
  /** Where each node was, and each in one of them. */
  from: ReadonlyMap<string, Start>;
  /** How far each was moved since. */
  shifts: ReadonlyMap<string, Point>;
}

export type DragStore = StoreApi<Drag>;

const NO_DRAG: Drag = { from: new Map(), shifts: new Map() };

type Move = Extract<NodeChange<FlowNode>, { type: 'position' }>;

const isMove = (change: NodeChange<FlowNode>): change is Move =>
  change.type === 'position' && change.dragging === true;

/** Of a drop, and where the library gives a drag up, as when a second finger comes: it says that in no other way. */
const isEnd = (change: NodeChange<FlowNode>): boolean =>
  change.type === 'position' && change.dragging === false;

/**
 * What is dragged. In a large workflow it is moved on the page alone, and the library is told of it once it is dropped, or
 * when the canvas itself has moved and other steps are in view: told of each move, the library asks every node and edge
 * whether it concerns them, which takes longer than the move.
 */
export function useDrag(isLarge: boolean) {
  const [drag] = useState(() => createStore<Drag>(() => NO_DRAG));
  const store = useStoreApi<FlowNode, FlowEdge>();
  const canvas = useCanvasStore();
  const view = useRef(store.getState().transform);
  const drawn = useRef<ReadonlyMap<string, HTMLElement>>(undefined);
  const takeAway = useRef<() => void>(undefined);
  const forget = useCallback(() => {
    takeAway.current?.();
    takeAway.current = undefined;
    drawn.current = undefined;
    view.current = store.getState().transform;
  }, [store]);
  const onDragStop = useCallback(() => {
    forget();
    drag.setState(NO_DRAG);
  }, [forget, drag]);
  const hold = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      if (changes.some(isEnd)) onDragStop();
      const moves = changes.filter(isMove);
      if (!isLarge || moves.length === 0) return changes;
      const { nodeLookup, domNode, transform } = store.getState();
      const { from } = drag.getState();
      const shifts = shiftsOf(moves, from, nodeLookup);
      drag.setState({ shifts });
      if (transform !== view.current || !domNode) {
        forget();
        return changes;
      }
      drawn.current ??= elementsOf(from, domNode);
      if (canvas.getState().isFar)
        takeAway.current ??= showPicture(domNode, boxesOf(nodeLookup), drawn.current);
      for (const [id, element] of drawn.current) place(element, from.get(id), shifts.get(id));
      return changes.filter((change) => !isMove(change));
    },
    [isLarge, drag, store, canvas, forget, onDragStop],
  );
  experimental_useOnNodesChangeMiddleware(hold);
  return useMemo(
    () => ({
      drag,
      onDragStart: (nodes: readonly FlowNode[]) => {
        const { nodes: all, nodeLookup } = store.getState();
        forget();
        drag.setState({ from: startsOf(withInner(nodes, all), nodeLookup) });
      },
      onDragStop,
    }),
    [drag, store, forget, onDragStop],
  );
}

type Lookup = ReturnType<ReturnType<typeof useStoreApi<FlowNode, FlowEdge>>['getState']>['nodeLookup'];

/** Ids of nodes, with those of all nodes in them; a frame comes before what is in it. */
function withInner(nodes: readonly FlowNode[], all: readonly FlowNode[]): ReadonlySet<string> {
  const ids = new Set(nodes.map(({ id }) => id));
  for (const { id, parentId } of all) if (parentId !== undefined && ids.has(parentId)) ids.add(id);
  return ids;
}

const startsOf = (ids: Iterable<string>, nodes: Lookup): Map<string, Start> =>
  new Map(
    [...ids].flatMap((id) => {
      const node = nodes.get(id);
      return node ? [[id, { ...node.internals.positionAbsolute, inFrame: node.position }] as const] : [];
    }),
  );

/** How far each node was moved: a frame's as far as the frame. */
function shiftsOf(moves: readonly Move[], from: Drag['from'], nodes: Lookup): Map<string, Point> {
  const shifts = new Map<string, Point>();
  for (const { id, position: to } of moves) {
    const at = from.get(id)?.inFrame;
    if (at && to) shifts.set(id, { x: to.x - at.x, y: to.y - at.y });
  }
  for (const id of from.keys()) {
    const shift = shifts.get(nodes.get(id)?.parentId ?? '');
    if (shift && !shifts.has(id)) shifts.set(id, shift);
  }
  return shifts;
}

const boxesOf = (nodes: Lookup) => (id: string) => {
  const node = nodes.get(id);
  return node && boxOf(node);
};

function elementsOf(ids: Drag['from'], canvas: HTMLElement): Map<string, HTMLElement> {
  const all = canvas.querySelectorAll<HTMLElement>('.react-flow__node');
  return new Map(
    [...all].flatMap((element) => {
      const id = element.dataset.id ?? '';
      return ids.has(id) ? [[id, element] as const] : [];
    }),
  );
}

/** As the library places a node. */
function place({ style }: HTMLElement, from: Point | undefined, by: Point | undefined): void {
  if (from && by) style.transform = `translate(${from.x + by.x}px,${from.y + by.y}px)`;
}
