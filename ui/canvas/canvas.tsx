import '@xyflow/react/dist/base.css';
import {
  type Connection,
  type OnConnectEnd,
  type OnNodeDrag,
  Panel,
  ReactFlow,
  type ReactFlowProps,
  ReactFlowProvider,
  type SelectionDragHandler,
  SelectionMode,
  ViewportPortal,
} from '@xyflow/react';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { JsonObject } from '#shared/json.ts';
import { refusal } from '#ui/document/edges.ts';
import { useHandlers } from '#ui/kit/use-handlers.ts';
import classes from './canvas.module.css';
import { CanvasProvider, type CanvasShared, createCanvasStore, useCanvasStore } from './canvas-store.ts';
import { ConnectionLine } from './connection-line.tsx';
import { DotGrid } from './dot-grid.tsx';
import { EdgeLayer } from './edge-layer.tsx';
import { type FlowEdge, type FlowNode, flowOf } from './flow.ts';
import { FrameNodeView } from './frame-node.tsx';
import { NoteNodeView } from './note-node.tsx';
import { Overview } from './overview.tsx';
import { EdgeMarkers, StepEdgeView } from './step-edge.tsx';
import { StepNodeView } from './step-node.tsx';
import { type DragStore, useDrag } from './use-drag.ts';
import { type CanvasActions, type DropEvent, useDrops } from './use-drops.ts';
import { useEdges } from './use-edges.ts';
import { useFarness } from './use-farness.ts';
import { FIT, useFit } from './use-fit.ts';
import { useNodes } from './use-nodes.ts';
import { useReveal } from './use-reveal.ts';
import { usePick, useSelection } from './use-selection.ts';
import { ZoomControls } from './zoom-controls.tsx';

const NODE_TYPES = { step: StepNodeView, frame: FrameNodeView, note: NoteNodeView };
const EDGE_TYPES = { step: StepEdgeView };

/** From this many nodes on, only those in view are drawn, edges in a layer of our own, and drags are not told at each move. */
const MANY = 150;
const NO_EDGES: FlowEdge[] = [];

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
  const isLarge = flow.nodes.length > MANY;
  const { drag, onDragStart, onDragStop } = useDrag(isLarge);
  const onChanges = useSelection(selected, onSelect);
  const onPick = usePick(selected, onSelect);
  const dropped = useDrops(actions);
  const onDropped = (event: DropEvent, nodes: readonly FlowNode[], held = nodes[0]) => {
    onDragStop();
    if (held) dropped.onMoved(event, held, nodes);
  };
  // A handler that is another one would have all nodes and edges drawn again, at each move of a drag.
  const handlers = useHandlers({
    onNodesChange: onChanges,
    onEdgesChange: onChanges,
    onNodeDragStart: (...[, , nodes]: Parameters<OnNodeDrag<FlowNode>>) => onDragStart(nodes),
    onNodeDragStop: (...[event, node, nodes]: Parameters<OnNodeDrag<FlowNode>>) =>
      onDropped(event, nodes, node),
    onSelectionDragStart: (...[, nodes]: Parameters<SelectionDragHandler<FlowNode>>) => onDragStart(nodes),
    onSelectionDragStop: (...[event, nodes]: Parameters<SelectionDragHandler<FlowNode>>) =>
      onDropped(event, nodes),
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
  useFarness();
  return (
    <div className={classes.canvas} data-testid="canvas">
      <ReactFlow<FlowNode, FlowEdge>
        {...OPTIONS}
        {...handlers}
        defaultNodes={defaultNodes}
        edges={isLarge ? NO_EDGES : edges}
        nodesConnectable={!isReadOnly}
        nodesDraggable={!isReadOnly}
        onlyRenderVisibleElements={isLarge}
      >
        <Around isEmpty={flow.nodes.length === 0} />
        {isLarge && <EdgeLayer edges={edges} drag={drag} onPick={onPick} />}
        <Shield drag={drag} />
        {children}
      </ReactFlow>
    </div>
  );
}

/** Lies over all of it while a step is dragged: else each move asks what of it all is under the pointer, and tells that. */
function Shield({ drag }: { drag: DragStore }) {
  const isDragging = useStore(drag, ({ from }) => from.size > 0);
  return <ViewportPortal>{isDragging && <div className={classes.shield} />}</ViewportPortal>;
}

/** What stands around the drawing, and stays as it is while a step is dragged. */
const Around = memo(function Around({ isEmpty }: { isEmpty: boolean }) {
  return (
    <>
      <DotGrid />
      <Panel position="bottom-left">
        <ZoomControls />
      </Panel>
      {!isEmpty && <Overview />}
    </>
  );
});
