import { startTransition, useEffect, useState } from 'react';
import { isTyping } from '#ui/app/typing.ts';

/** Quiet time after which what was typed is drawn, in milliseconds. */
const QUIET = 150;

/**
 * What the canvas draws of a value that changes: at once, in a frame of its own; but while somebody types in a field,
 * when they pause, for drawing five hundred steps takes longer than the next key may wait.
 */
export function useFollowed<T extends object>(value: T): T {
  const [drawn, draw] = useState(value);
  useEffect(() => {
    const follow = (): void => startTransition(() => draw(value));
    if (!isTyping({ target: document.activeElement })) {
      follow();
      return;
    }
    const timer = setTimeout(follow, QUIET);
    return () => clearTimeout(timer);
  }, [value]);
  return drawn;
}
