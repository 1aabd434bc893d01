import { useEffect, useMemo, useRef } from 'react';
import { isSame } from '#shared/json.ts';
import type { FlowEdge } from './flow.ts';

/** The drawn edges; one that is as it was stays the same object, so that it is not drawn again. */
export function useEdges(derived: readonly FlowEdge[], selected: ReadonlySet<string>): FlowEdge[] {
  const before = useRef<FlowEdge[]>([]);
  const edges = useMemo(() => {
    const old = new Map(before.current.map((edge) => [edge.id, edge]));
    const next = derived.map((edge) => {
      const now = selected.has(edge.id) ? { ...edge, selected: true } : edge;
      const known = old.get(edge.id);
      return known && isSame(known as never, now as never) ? known : now;
    });
    const isUnchanged =
      next.length === before.current.length && next.every((edge, at) => edge === before.current[at]);
    return isUnchanged ? before.current : next;
  }, [derived, selected]);
  useEffect(() => {
    before.current = edges;
  }, [edges]);
  return edges;
}
