import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useEffect } from 'react';
import type { FlowEdge, FlowNode } from './flow.ts';

/** How all of a workflow is shown: no larger than life, with some space around it. */
export const FIT = { maxZoom: 1, padding: 0.15 };

/** Keeps all of the workflow in view, where it was, when the canvas itself becomes smaller: as beside the text. */
export function useFit(): void {
  const { fitView, getNodesBounds } = useReactFlow<FlowNode, FlowEdge>();
  const store = useStoreApi<FlowNode, FlowEdge>();
  useEffect(() => {
    const isAllIn = ({
      nodes,
      transform: [left, top, zoom],
      width,
      height,
    }: ReturnType<typeof store.getState>) => {
      const { x, y, width: w, height: h } = getNodesBounds(nodes);
      return (
        x * zoom + left >= 0 &&
        y * zoom + top >= 0 &&
        (x + w) * zoom + left <= width &&
        (y + h) * zoom + top <= height
      );
    };
    return store.subscribe((now, before) => {
      if (now.width === before.width && now.height === before.height) return;
      if (isAllIn(before) && !isAllIn(now)) void fitView(FIT);
    });
  }, [store, fitView, getNodesBounds]);
}
