import { type ConnectionLineComponentProps, getSmoothStepPath } from '@xyflow/react';
import classes from './canvas.module.css';
import { useCanvas } from './canvas-store.ts';
import type { FlowNode } from './flow.ts';

/** The wire while it is being drawn, with the reason where it cannot end here. */
export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  fromNode,
  toNode,
}: ConnectionLineComponentProps<FlowNode>) {
  const refusalOf = useCanvas((shared) => shared.refusalOf);
  const [path] = getSmoothStepPath({
    sourceX: fromX,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
    borderRadius: 8,
  });
  const reason = toNode && toNode.id !== fromNode.id ? refusalOf?.(fromNode.id, toNode.id) : undefined;
  return (
    <g>
      <path d={path} className={classes.wire} data-refused={reason !== undefined || undefined} />
      {reason !== undefined && (
        <text x={toX + 12} y={toY - 8} className={classes.wireReason}>
          {reason}
        </text>
      )}
    </g>
  );
}
