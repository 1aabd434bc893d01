import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useEffect } from 'react';
import type { FlowEdge, FlowNode } from './flow.ts';

/** Keeps a selected step in sight, from when it is drawn: the canvas moves only where the step is outside of it. */
export function useReveal(selected: ReadonlySet<string>): void {
  const { getInternalNode, setCenter } = useReactFlow<FlowNode, FlowEdge>();
  const store = useStoreApi<FlowNode, FlowEdge>();
  // A new step is selected before it is drawn: the canvas follows the draft a frame later.
  const isDrawn = useStore(
    ({ nodeLookup }) => selected.size === 1 && [...selected].every((id) => nodeLookup.has(id)),
  );
  useEffect(() => {
    const [id] = selected;
    const node = isDrawn && id !== undefined ? getInternalNode(id) : undefined;
    if (!node) return;
    const { transform, width, height } = store.getState();
    const [x, y, zoom] = transform;
    const { x: left, y: top } = node.internals.positionAbsolute;
    const [w, h] = [node.measured.width ?? 0, node.measured.height ?? 0];
    const [from, to] = [
      { x: left * zoom + x, y: top * zoom + y },
      { x: (left + w) * zoom + x, y: (top + h) * zoom + y },
    ];
    const isInside = to.x > 0 && to.y > 0 && from.x < width && from.y < height;
    const isWhole = from.x >= 0 && from.y >= 0 && to.x <= width && to.y <= height;
    const isLarge = w * zoom > width || h * zoom > height;
    if (isWhole || (isInside && isLarge)) return;
    // In a straight line: where another step is selected on the way, the zoom is still what it was.
    void setCenter(left + w / 2, top + h / 2, { zoom, duration: 120, interpolate: 'linear' });
  }, [selected, isDrawn, getInternalNode, setCenter, store]);
}
