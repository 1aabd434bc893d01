import { type OnConnectEnd, type OnNodeDrag, type SelectionDragHandler, useReactFlow } from '@xyflow/react';
import type { DragEvent } from 'react';
import type { Point } from '#ui/document/steps.ts';
import { type FlowNode, writtenPoint } from './flow.ts';
import { CONTENT } from './layout.ts';

/** What a palette entry is dragged as. */
export const STEP_DRAG = 'application/x-acas-step';

/** What people do on a canvas that can be edited. */
export interface CanvasActions {
  /** Steps and notes were dropped; `into`: the list of another frame than theirs that the steps were dropped in. */
  onMove(positions: ReadonlyMap<string, Point>, into?: string): void;
  onConnect(source: string, target: string, isFailure: boolean): void;
  /** A wire was dropped on empty space. */
  onDropWire(source: string, isFailure: boolean, at: Point): void;
  /** A palette entry was dropped: on an edge, in a frame, or on empty space; `at` counts from the frame's content. */
  onDropStep(entry: string, on: { edge: string | undefined; list: string }, at: Point): void;
}

/** What ends a drag; a touch does not say where. */
export type DropEvent = Parameters<OnNodeDrag | SelectionDragHandler>[0];

/** What is under the pointer: an edge, and the list that the frame there holds. */
function under({ clientX, clientY }: { clientX: number; clientY: number }) {
  const elements = document.elementsFromPoint(clientX, clientY);
  const edge = elements.map((element) => element.closest('.react-flow__edge')).find(Boolean);
  const frame = elements.map((element) => element.closest('[data-list]')).find(Boolean);
  return {
    edge: edge?.getAttribute('data-id') ?? undefined,
    list: frame?.getAttribute('data-list') ?? 'steps',
    frame: frame?.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined,
  };
}

/** The step under the pointer; a frame counts by its border and header only, for steps are added inside it. */
function nodeUnder({ clientX, clientY }: { clientX: number; clientY: number }): string | undefined {
  const [first] = document.elementsFromPoint(clientX, clientY);
  return (
    first?.closest('[data-testid^="step-"]')?.closest('.react-flow__node')?.getAttribute('data-id') ??
    undefined
  );
}

/** The list whose frame is under the pointer, besides what is being dragged; the workflow's own where there is none. */
function listUnder(
  { clientX, clientY }: { clientX: number; clientY: number },
  dragged: readonly string[],
): string {
  const frames = document
    .elementsFromPoint(clientX, clientY)
    .map((element) => element.closest<HTMLElement>('[data-list]'))
    .filter((frame) => frame !== null)
    .filter((frame) => !dragged.includes(frame.closest('.react-flow__node')?.getAttribute('data-id') ?? ''));
  return frames[0]?.dataset.list ?? 'steps';
}

/** What comes of a drop on the canvas: of a wire, an entry of the palette, or steps. */
export function useDrops(actions: CanvasActions | undefined) {
  const { screenToFlowPosition, getInternalNode } = useReactFlow();
  const onConnectEnd: OnConnectEnd = (event, { isValid, fromNode, fromHandle }) => {
    if (isValid || !fromNode || fromHandle?.type !== 'source') return;
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!point) return;
    const target = nodeUnder(point);
    if (target !== undefined) {
      actions?.onConnect(fromNode.id, target, fromHandle.id === 'failure');
      return;
    }
    actions?.onDropWire(
      fromNode.id,
      fromHandle.id === 'failure',
      screenToFlowPosition({ x: point.clientX, y: point.clientY }),
    );
  };
  const onDragOver = (event: DragEvent): void => {
    if (!actions || !event.dataTransfer.types.includes(STEP_DRAG)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const onDrop = (event: DragEvent): void => {
    const entry = event.dataTransfer.getData(STEP_DRAG);
    if (!actions || entry === '') return;
    event.preventDefault();
    const { edge, list, frame } = under(event);
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const corner = frame === undefined ? undefined : getInternalNode(frame)?.internals.positionAbsolute;
    const inside = corner ? { x: at.x - corner.x - CONTENT.x, y: at.y - corner.y - CONTENT.y } : at;
    actions.onDropStep(entry, { edge, list }, inside);
  };
  const onMoved = (event: DropEvent, node: FlowNode, moved: readonly FlowNode[]): void => {
    const ids = moved.map(({ id }) => id);
    const list = node.type === 'note' || !('clientX' in event) ? undefined : listUnder(event, ids);
    const own = 'place' in node.data ? node.data.place?.list.key : undefined;
    const into = own === undefined || list === own ? undefined : list;
    actions?.onMove(new Map(moved.map((each) => [each.id, writtenPoint(each)])), into);
  };
  return { onConnectEnd, onDragOver, onDrop, onMoved };
}
