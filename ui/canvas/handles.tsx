import { Handle, Position } from '@xyflow/react';
import { memo, useState } from 'react';
import classes from './canvas.module.css';
import { useCanvas } from './canvas-store.ts';

/**
 * What a node needs to have wires drawn from and to it: dots that show where, and the handles themselves only while the
 * pointer is near, it is selected or a wire is being drawn, for each listens to all that happens on the canvas.
 */
export function useHandles(isSelected: boolean) {
  const [isHovered, setHovered] = useState(false);
  const isWiring = useCanvas((shared) => shared.isWiring);
  const isReadOnly = useCanvas((shared) => shared.isReadOnly);
  const isNear = !isReadOnly && (isHovered || isSelected || isWiring);
  return {
    handles: (
      <>
        <Dots />
        {isNear && <Handles />}
      </>
    ),
    hover: { onPointerEnter: () => setHovered(true), onPointerLeave: () => setHovered(false) },
  };
}

/** The library measures these, by their classes and attributes, to know where edges begin and end. */
const Dots = memo(function Dots() {
  return (
    <>
      <i className={`target ${classes.dot}`} data-handlepos="top" />
      <i className={`source ${classes.dot}`} data-handlepos="bottom" data-handleid="success" />
      <i className={`source ${classes.dot}`} data-handlepos="right" data-handleid="failure" />
    </>
  );
});

/** Wires are drawn from and to these with the mouse; the step's panel has the same for the keyboard. */
function Handles() {
  return (
    <>
      <Handle type="target" position={Position.Top} className={classes.handle} aria-hidden />
      <Handle id="success" type="source" position={Position.Bottom} className={classes.handle} aria-hidden />
      <Handle
        id="failure"
        type="source"
        position={Position.Right}
        className={`${classes.handle} ${classes.failureHandle}`}
        aria-hidden
      />
    </>
  );
}
