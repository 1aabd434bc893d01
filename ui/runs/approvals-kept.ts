import type { ApprovalView } from '#shared/contract/execution.ts';

/** A step of the list. `isOver`: it no longer waits. */
export interface Kept {
  key: string;
  approval: ApprovalView;
  isOver: boolean;
}

const keyOf = ({ executionId, step }: ApprovalView): string => `${executionId} ${step.path}`;

/**
 * What the list goes on showing, so that nothing moves under a person about to decide: what was shown stays where it
 * was, though it be over, and what is new comes last.
 */
export function kept(shown: readonly Kept[], waiting: readonly ApprovalView[]): Kept[] {
  const fresh = new Map(waiting.map((approval) => [keyOf(approval), approval]));
  const before = shown.map(({ key, approval }) => {
    const now = fresh.get(key);
    fresh.delete(key);
    return { key, approval: now ?? approval, isOver: now === undefined };
  });
  return [...before, ...[...fresh].map(([key, approval]) => ({ key, approval, isOver: false }))];
}
