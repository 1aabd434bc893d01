import { useStore } from '@xyflow/react';
import { useLayoutEffect } from 'react';
import { useCanvasStore } from './canvas-store.ts';

/** Below this zoom nobody reads a line of 13 px or hits a handle. */
const FAR = 0.4;

/** Tells the nodes when the canvas is seen from far: each asking for itself would do so at each move of a drag. */
export function useFarness(): void {
  const store = useCanvasStore();
  const isFar = useStore(({ transform: [, , zoom] }) => zoom < FAR);
  useLayoutEffect(() => store.setState({ isFar }), [store, isFar]);
}
