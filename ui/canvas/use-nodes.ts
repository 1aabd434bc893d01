import { useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useState } from 'react';
import type { FlowEdge, FlowNode } from './flow.ts';

export const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));

const marked = (node: FlowNode, isSelected: boolean): FlowNode =>
  (node.selected ?? false) === isSelected ? node : { ...node, selected: isSelected };

const isSameNode = (a: FlowNode, b: FlowNode): boolean => {
  const stepOf = ({ data }: FlowNode) =>
    'place' in data ? data.place?.step : 'note' in data ? data.note : data.title;
  return (
    a.type === b.type &&
    stepOf(a) === stepOf(b) &&
    a.parentId === b.parentId &&
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.draggable === b.draggable
  );
};

/** The node as it was, where it is the same: the library draws again only what is another object. */
const reused = (node: FlowNode, before: FlowNode | undefined): FlowNode =>
  before && isSameNode(node, before) ? before : node;

/**
 * Keeps the drawn nodes those of the definition. The library holds them and moves what is dragged by itself: handed down
 * by us, each move would draw the canvas a second time. What it returns is what the canvas begins with.
 */
export function useNodes(derived: readonly FlowNode[], selected: ReadonlySet<string>): FlowNode[] {
  const { setNodes } = useReactFlow<FlowNode, FlowEdge>();
  const [first] = useState(() => derived.map((node) => marked(node, selected.has(node.id))));
  useEffect(() => {
    setNodes((before) => {
      const old = new Map(before.map((node) => [node.id, node]));
      const next = derived.map((node) => marked(reused(node, old.get(node.id)), selected.has(node.id)));
      return next.length === before.length && next.every((node, at) => node === before[at]) ? before : next;
    });
  }, [derived, selected, setNodes]);
  return first;
}

/** The drawn nodes, as they stood before one of them was dragged: what followed each move would slow it down. */
export const useRestingNodes = (): readonly FlowNode[] =>
  useStore(
    ({ nodes }) => nodes as FlowNode[],
    (before, now) => before === now || now.some(({ dragging }) => dragging),
  );
