import { Handle, Position } from '@xyflow/react';
import classes from './canvas.module.css';

/** Wires are drawn from and to these with the mouse; the step's panel has the same for the keyboard. */
export function Handles() {
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
