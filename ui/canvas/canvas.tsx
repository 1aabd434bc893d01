import '@xyflow/react/dist/base.css';
import {
  Background,
  type Connection,
  type EdgeChange,
  type NodeChange,
  type OnConnectEnd,
  type OnNodeDrag,
  Panel,
  ReactFlow,
  type ReactFlowProps,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, memo, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { JsonObject } from '#shared/json.ts';
import { refusal } from '#ui/document/edges.ts';
import type { Point } from '#ui/document/steps.ts';
import { useHandlers } from '#ui/kit/use-handlers.ts';
import classes from './canvas.module.css';
import { CanvasProvider, type CanvasShared, createCanvasStore, useCanvasStore } from './canvas-store.ts';
import { ConnectionLine } from './connection-line.tsx';
import { type FlowEdge, type FlowNode, flowOf, writtenPoint } from './flow.ts';
import { FrameNodeView } from './frame-node.tsx';
import { CONTENT } from './layout.ts';
import { NoteNodeView } from './note-node.tsx';
import { Overview } from './overview.tsx';
import { EdgeMarkers, StepEdgeView } from './step-edge.tsx';
import { StepNodeView } from './step-node.tsx';
import { useEdges } from './use-edges.ts';
import { FIT, useFit } from './use-fit.ts';
import { isSameSet, useNodes } from './use-nodes.ts';
import { useReveal } from './use-reveal.ts';
import { ZoomControls } from './zoom-controls.tsx';

const NODE_TYPES = { step: StepNodeView, frame: FrameNodeView, note: NoteNodeView };
const EDGE_TYPES = { step: StepEdgeView };

/** What a palette entry is dragged as. */
export const STEP_DRAG = 'application/x-acas-step';

/** From this many nodes on, only those in view are drawn. */
const MANY = 150;

/** How the canvas behaves, for good: an object that is another one counts as a change. */
const OPTIONS = {
  nodeTypes: NODE_TYPES,
  edgeTypes: EDGE_TYPES,
  connectionLineComponent: ConnectionLine,
  connectionRadius: 40,
  elementsSelectable: true,
  elevateNodesOnSelect: false,
  deleteKeyCode: null,
  multiSelectionKeyCode: ['Meta', 'Control', 'Shift'],
  selectionKeyCode: 'Shift',
  selectionMode: SelectionMode.Partial,
  panActivationKeyCode: 'Space',
  disableKeyboardA11y: true,
  snapToGrid: true,
  snapGrid: [8, 8],
  minZoom: 0.05,
  maxZoom: 2,
  fitView: true,
  fitViewOptions: FIT,
  zoomOnDoubleClick: false,
  proOptions: { hideAttribution: true },
} satisfies ReactFlowProps<FlowNode, FlowEdge>;

/** What people do on a canvas that can be edited. */
export interface CanvasActions {
  onMove(positions: ReadonlyMap<string, Point>): void;
  /** Steps were dropped in another frame than theirs. */
  onMoveInto(ids: readonly string[], list: string): void;
  onConnect(source: string, target: string, isFailure: boolean): void;
  /** A wire was dropped on empty space. */
  onDropWire(source: string, isFailure: boolean, at: Point): void;
  /** A palette entry was dropped: on an edge, in a frame, or on empty space; `at` counts from the frame's content. */
  onDropStep(entry: string, on: { edge: string | undefined; list: string }, at: Point): void;
}

export interface CanvasProps {
  definition: JsonObject;
  /** Absent: it is only looked at. */
  actions?: CanvasActions | undefined;
  selected: ReadonlySet<string>;
  onSelect(ids: Iterable<string>): void;
  onOpen?: ((id: string) => void) | undefined;
  /** What the nodes and edges share. */
  shared: Partial<CanvasShared>;
  collapsed: ReadonlySet<string>;
  children?: ReactNode;
}

/** The canvas: one for writing, running and looking back; steps stand in the same places in each. */
export function Canvas(props: CanvasProps) {
  const [store] = useState(createCanvasStore);
  const { shared, actions, definition } = props;
  const refusalOf = useCallback(
    (source: string, target: string) => refusal(definition, source, target),
    [definition],
  );
  useEffect(
    () => store.setState({ ...shared, refusalOf, isReadOnly: actions === undefined }),
    [store, shared, refusalOf, actions],
  );
  return (
    <ReactFlowProvider>
      <CanvasProvider value={store}>
        <EdgeMarkers />
        <Drawing {...props} />
      </CanvasProvider>
    </ReactFlowProvider>
  );
}

function Drawing({ definition, actions, selected, onSelect, onOpen, collapsed, children }: CanvasProps) {
  const store = useCanvasStore();
  const isReadOnly = actions === undefined;
  const flow = useMemo(
    () => flowOf(definition, { collapsed, isReadOnly }),
    [definition, collapsed, isReadOnly],
  );
  const defaultNodes = useNodes(flow.nodes, selected);
  const edges = useEdges(flow.edges, selected);
  const onChanges = useSelection(selected, onSelect);
  const dropped = useDrops(actions);
  // A handler that is another one would have all nodes and edges drawn again, at each move of a drag.
  const handlers = useHandlers({
    onNodesChange: onChanges,
    onEdgesChange: onChanges,
    onNodeDragStop: dropped.onNodeDragStop,
    onNodeDoubleClick: (_: unknown, node: FlowNode) => onOpen?.(node.id),
    onEdgeMouseEnter: (_: unknown, { id }: FlowEdge) => store.setState({ hoveredEdge: id }),
    onEdgeMouseLeave: () => store.setState({ hoveredEdge: undefined }),
    onConnect: ({ source, target, sourceHandle }: Connection) =>
      actions?.onConnect(source, target, sourceHandle === 'failure'),
    onConnectStart: () => store.setState({ isWiring: true }),
    onConnectEnd: (...[event, connection]: Parameters<OnConnectEnd>) => {
      store.setState({ isWiring: false });
      dropped.onConnectEnd(event, connection);
    },
    onDragOver: dropped.onDragOver,
    onDrop: dropped.onDrop,
    isValidConnection: ({ source, target }: Connection | FlowEdge) =>
      refusal(definition, source, target) === undefined,
  });
  useReveal(selected);
  useFit();
  return (
    <div className={classes.canvas} data-testid="canvas">
      <ReactFlow<FlowNode, FlowEdge>
        {...OPTIONS}
        {...handlers}
        defaultNodes={defaultNodes}
        edges={edges}
        nodesConnectable={!isReadOnly}
        nodesDraggable={!isReadOnly}
        onlyRenderVisibleElements={flow.nodes.length > MANY}
      >
        <Around isEmpty={flow.nodes.length === 0} />
        {children}
      </ReactFlow>
    </div>
  );
}

/** What stands around the drawing, and stays as it is while a step is dragged. */
const Around = memo(function Around({ isEmpty }: { isEmpty: boolean }) {
  return (
    <>
      <Background gap={16} size={1} />
      <Panel position="bottom-left">
        <ZoomControls />
      </Panel>
      {!isEmpty && <Overview />}
    </>
  );
});

/** Hands the library's selection changes up as the ids that are selected then. */
function useSelection(selected: ReadonlySet<string>, onSelect: (ids: Iterable<string>) => void) {
  return useCallback(
    (changes: readonly (NodeChange<FlowNode> | EdgeChange<FlowEdge>)[]) => {
      const next = new Set(selected);
      for (const change of changes) {
        if (change.type !== 'select') continue;
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      }
      if (!isSameSet(next, selected)) onSelect(next);
    },
    [selected, onSelect],
  );
}

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

function useDrops(actions: CanvasActions | undefined) {
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
  const onNodeDragStop: OnNodeDrag<FlowNode> = (event, node, moved) => {
    const ids = moved.map(({ id }) => id);
    const list = node.type === 'note' || !('clientX' in event) ? undefined : listUnder(event, ids);
    const own = 'place' in node.data ? node.data.place?.list.key : undefined;
    if (list !== undefined && own !== undefined && list !== own) actions?.onMoveInto(ids, list);
    else actions?.onMove(new Map(moved.map((each) => [each.id, writtenPoint(each)])));
  };
  return { onConnectEnd, onDragOver, onDrop, onNodeDragStop };
}
