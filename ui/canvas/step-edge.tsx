import { ActionIcon } from '@mantine/core';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { Plus } from 'lucide-react';
import { memo } from 'react';
import type { EdgePlace } from '#ui/document/outline.ts';
import classes from './canvas.module.css';
import { useCanvas } from './canvas-store.ts';
import { ChangeWord } from './change-word.tsx';
import type { Ends, FlowEdge } from './flow.ts';

/** The words on an edge: its label, or what it asks; nothing on the plain way on. */
export function edgeText({ type, expression, label }: EdgePlace): string | undefined {
  if (label !== undefined && label !== '') return label;
  if (type === 'expression') return expression;
  return type === 'success' ? undefined : type;
}

/** Whether a run has followed the edge; undefined where no run is shown. */
const useTaken = ({ source, target }: EdgePlace): boolean | undefined =>
  useCanvas(({ overlay: { followed } }) => followed && (followed.get(source)?.has(target) ?? false));

type StepEdgeProps = Ends & Pick<EdgeProps<FlowEdge>, 'id' | 'source' | 'target' | 'data' | 'selected'>;

/** An edge, its words, and the button that puts a step in the middle of it. */
export const StepEdgeView = memo(function StepEdgeView(props: StepEdgeProps) {
  const { id, data, selected, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition } = props;
  const edge = data?.edge ?? { id, source: props.source, target: props.target, type: 'success' as const };
  const isTaken = useTaken(edge);
  const change = useCanvas(({ overlay }) => overlay.edges?.get(id));
  const isHovered = useCanvas(({ hoveredEdge }) => hoveredEdge === id);
  const onAdd = useCanvas(({ onAddOnEdge }) => onAddOnEdge);
  const [path, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    borderRadius: 8,
  });
  const text = edgeText(edge);
  const isAdding = onAdd !== undefined && (isHovered || selected === true);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={24}
        className={classes.edge}
        data-type={edge.type}
        data-taken={isTaken}
        data-change={change}
        data-selected={selected || undefined}
        markerEnd={`url(#arrow-${edge.type})`}
      />
      {(text !== undefined || change !== undefined || isAdding) && (
        <EdgeLabelRenderer>
          <div
            className={`${classes.edgeLabel} nodrag nopan`}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {change !== undefined && (
              <span className={classes.edgeText}>
                <ChangeWord change={change} />
              </span>
            )}
            {text !== undefined && (
              <span className={`${classes.edgeText} one-line inert`} data-type={edge.type} title={text}>
                {text}
              </span>
            )}
            {isAdding && (
              <ActionIcon
                size={20}
                radius="xl"
                variant="filled"
                color="indigo"
                aria-label="Add a step on this edge"
                onClick={() => onAdd(id)}
              >
                <Plus size={12} />
              </ActionIcon>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

const TYPES = ['success', 'failure', 'expression', 'otherwise', 'always'];

/** The arrow heads, one for each kind of edge. */
export function EdgeMarkers() {
  return (
    <svg className={classes.markers} aria-hidden="true">
      <defs>
        {TYPES.map((type) => (
          <marker
            key={type}
            id={`arrow-${type}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="9"
            markerHeight="9"
            orient="auto-start-reverse"
          >
            <path d="M0 0 L8 4 L0 8 z" className={classes.arrow} data-type={type} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
