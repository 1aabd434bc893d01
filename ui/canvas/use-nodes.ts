import { applyNodeChanges, type NodeChange } from '@xyflow/react';
import { useCallback, useEffect, useState } from 'react';
import type { FlowNode } from './flow.ts';

export const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));

const marked = (node: FlowNode, isSelected: boolean): FlowNode =>
  (node.selected ?? false) === isSelected ? node : { ...node, selected: isSelected };

/** Keeps what the library has measured of a node that is drawn anew. */
const withMeasure = (node: FlowNode, before: FlowNode | undefined): FlowNode =>
  before?.measured && before.width === node.width && before.height === node.height
    ? { ...node, measured: before.measured }
    : node;

/** The drawn nodes: those of the definition, except while they are being dragged. */
export function useNodes(derived: readonly FlowNode[], selected: ReadonlySet<string>) {
  const [nodes, setNodes] = useState<FlowNode[]>(() =>
    derived.map((node) => marked(node, selected.has(node.id))),
  );
  useEffect(() => {
    setNodes((before) => {
      const old = new Map(before.map((node) => [node.id, node]));
      return derived.map((node) => marked(withMeasure(node, old.get(node.id)), selected.has(node.id)));
    });
  }, [derived, selected]);
  const onNodesChange = useCallback((changes: NodeChange<FlowNode>[]) => {
    const drawn = changes.filter(({ type }) => type === 'position' || type === 'dimensions');
    if (drawn.length > 0) setNodes((before) => applyNodeChanges(drawn, before));
  }, []);
  return { nodes, onNodesChange };
}
