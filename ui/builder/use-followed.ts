import { startTransition, useDeferredValue, useEffect, useRef, useState } from 'react';
import { isTyping } from '#ui/app/typing.ts';

/** Quiet time after which what was typed is drawn, in milliseconds. */
const QUIET = 150;

/**
 * What the canvas draws of a value that changes: at once, in a frame of its own; but while somebody types in a field,
 * when they pause, for drawing five hundred steps takes longer than the next key may wait.
 */
export function useFollowed<T>(value: T): T {
  const latest = useDeferredValue(value);
  const [settled, settle] = useState(latest);
  const drawn = useRef(latest);
  const isHeld =
    drawn.current !== latest && settled !== latest && isTyping({ target: document.activeElement });
  if (!isHeld) drawn.current = latest;
  useEffect(() => {
    if (!isHeld) return;
    const timer = setTimeout(() => startTransition(() => settle(latest)), QUIET);
    return () => clearTimeout(timer);
  }, [isHeld, latest]);
  return drawn.current;
}
