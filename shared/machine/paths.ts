/** The frame of the workflow's own list of steps. */
export const ROOT = '';

/** The frame of the `finally` list; no step may have this id. */
export const FINALLY = 'finally';

/** `each[3]` + `review` → `each[3].review`. */
export const stepPath = (frame: string, id: string): string => (frame === ROOT ? id : `${frame}.${id}`);

/** `each` + `3` → `each[3]`. */
export const framePath = (step: string, key: string): string => `${step}[${key}]`;

/** `each[3].review` → `each[3]`; `review` → the root. */
export function frameOf(step: string): string {
  const dot = step.lastIndexOf('.');
  return dot < 0 ? ROOT : step.slice(0, dot);
}

/** `each[3].review` → `review`. */
export const idOf = (step: string): string => step.slice(step.lastIndexOf('.') + 1);

/** `each[3]` → step `each`, key `3`; nothing for the root and for `finally`. */
export function containerOf(frame: string): { step: string; key: string } | undefined {
  if (!frame.endsWith(']')) return undefined;
  const open = frame.lastIndexOf('[');
  return { step: frame.slice(0, open), key: frame.slice(open + 1, -1) };
}

const UNDO = '.undo';

/** `review` → `review.undo`: where the action is kept that takes a step back. No step may have the id `undo`. */
export const undoPath = (step: string): string => `${step}${UNDO}`;

/** Whether a path is that of an undo. */
export const isUndo = (path: string): boolean => path.endsWith(UNDO);

/** `review.undo` → `review`. */
export const undoneBy = (undo: string): string => undo.slice(0, -UNDO.length);
