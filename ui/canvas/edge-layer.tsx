import { type Rect, useReactFlow, ViewportPortal } from '@xyflow/react';
import { type MouseEvent, memo, useMemo } from 'react';
import { useStore } from 'zustand';
import classes from './canvas.module.css';
import { useCanvasStore } from './canvas-store.ts';
import { boxOf, type Ends, endsOf, type FlowEdge, type FlowNode } from './flow.ts';
import { StepEdgeView } from './step-edge.tsx';
import type { DragStore } from './use-drag.ts';
import { useRestingNodes } from './use-nodes.ts';

/** Where a node is, and how many frames are around it. */
type Box = Rect & { z: number };

interface EdgeLayerProps {
  edges: readonly FlowEdge[];
  drag: DragStore;
  onPick(id: string, event: MouseEvent): void;
}

/**
 * The edges of a large workflow, all in one drawing: the library gives each a drawing of its own and asks it at each move
 * whether it has moved, which for hundreds costs more than all else does. They look and answer as the library's do.
 */
export function EdgeLayer({ edges, drag, onPick }: EdgeLayerProps) {
  const boxes = useBoxes();
  const from = useStore(drag, (state) => state.from);
  const [resting, moving] = useMemo(() => {
    const moves = ({ source, target }: FlowEdge) => from.has(source) || from.has(target);
    return [edges.filter((edge) => !moves(edge)), edges.filter(moves)];
  }, [edges, from]);
  return (
    <ViewportPortal>
      <Edges edges={resting} boxes={boxes} onPick={onPick} />
      {moving.length > 0 && <MovingEdges edges={moving} boxes={boxes} drag={drag} onPick={onPick} />}
    </ViewportPortal>
  );
}

type Boxes = Pick<ReadonlyMap<string, Box>, 'get'>;

function useBoxes(): Boxes {
  const { getInternalNode } = useReactFlow<FlowNode, FlowEdge>();
  const nodes = useRestingNodes();
  return useMemo(
    () =>
      new Map(
        nodes.flatMap(({ id }) => {
          const node = getInternalNode(id);
          return node ? [[id, { ...boxOf(node), z: node.internals.z }]] : [];
        }),
      ),
    [nodes, getInternalNode],
  );
}

interface EdgesProps {
  edges: readonly FlowEdge[];
  boxes: Boxes;
  onPick: EdgeLayerProps['onPick'];
}

function MovingEdges({ boxes, drag, ...rest }: EdgesProps & { drag: DragStore }) {
  const shifts = useStore(drag, (state) => state.shifts);
  const now = useMemo<Boxes>(
    () => ({
      get: (id) => {
        const [box, by] = [boxes.get(id), shifts.get(id)];
        return box && by ? { ...box, x: box.x + by.x, y: box.y + by.y } : box;
      },
    }),
    [boxes, shifts],
  );
  return <Edges boxes={now} {...rest} />;
}

const Edges = memo(function Edges({ edges, boxes, onPick }: EdgesProps) {
  const levels = useMemo(() => levelsOf(edges, boxes), [edges, boxes]);
  return [...levels].map(([level, placed]) => (
    // Above the frame that the edges are in, and below the steps in it.
    // biome-ignore lint/a11y/noSvgWithoutTitle: a title would be shown beside the pointer
    <svg key={level} className={classes.edges} style={{ zIndex: level - 1 }}>
      {placed.map(({ edge, ends }) => (
        <PlacedEdge key={edge.id} edge={edge} {...ends} onPick={onPick} />
      ))}
    </svg>
  ));
});

/** Edges with where they begin and end, by how many frames are around them. */
function levelsOf(edges: readonly FlowEdge[], boxes: Boxes) {
  const levels = new Map<number, { edge: FlowEdge; ends: Ends }[]>();
  for (const edge of edges) {
    const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
    // A new step is drawn a moment later than it is derived, and its edges with it.
    if (!source || !target) continue;
    const level = Math.max(source.z, target.z);
    const placed = levels.get(level) ?? [];
    placed.push({ edge, ends: endsOf(source, target, edge.sourceHandle) });
    levels.set(level, placed);
  }
  return levels;
}

const PlacedEdge = memo(function PlacedEdge({
  edge: { id, source, target, data, selected },
  onPick,
  ...ends
}: Ends & { edge: FlowEdge; onPick: EdgeLayerProps['onPick'] }) {
  const store = useCanvasStore();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the keyboard, a step's panel lists the edges that lead on from it
    <g
      className="react-flow__edge selectable nopan"
      data-id={id}
      aria-label={`Edge from ${source} to ${target}`}
      onMouseEnter={() => store.setState({ hoveredEdge: id })}
      onMouseLeave={() => store.setState({ hoveredEdge: undefined })}
      onClick={(event) => onPick(id, event)}
    >
      <StepEdgeView
        id={id}
        source={source}
        target={target}
        data={data}
        selected={selected ?? false}
        {...ends}
      />
    </g>
  );
});
