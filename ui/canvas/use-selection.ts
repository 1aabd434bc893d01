import type { EdgeChange, NodeChange } from '@xyflow/react';
import { type MouseEvent, useCallback, useLayoutEffect, useRef } from 'react';
import type { FlowEdge, FlowNode } from './flow.ts';
import { isSameSet } from './use-nodes.ts';

/** Hands the library's selection changes up as the ids that are selected then. */
export function useSelection(selected: ReadonlySet<string>, onSelect: (ids: Iterable<string>) => void) {
  // Changes of nodes and of edges come one after the other, before either is drawn.
  const now = useRef(selected);
  useLayoutEffect(() => {
    now.current = selected;
  }, [selected]);
  return useCallback(
    (changes: readonly (NodeChange<FlowNode> | EdgeChange<FlowEdge>)[]) => {
      const next = new Set(now.current);
      for (const change of changes) {
        if (change.type !== 'select') continue;
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      }
      if (isSameSet(next, now.current)) return;
      now.current = next;
      onSelect(next);
    },
    [onSelect],
  );
}

/** Selects an edge that was clicked; with a key held, beside what is selected, or no more. */
export function usePick(selected: ReadonlySet<string>, onSelect: (ids: Iterable<string>) => void) {
  return useCallback(
    (id: string, { ctrlKey, metaKey, shiftKey }: MouseEvent) => {
      const rest = ctrlKey || metaKey || shiftKey ? [...selected].filter((each) => each !== id) : [];
      onSelect(selected.has(id) && rest.length > 0 ? rest : [...rest, id]);
    },
    [selected, onSelect],
  );
}
