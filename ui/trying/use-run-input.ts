import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Variable } from '#shared/definition/workflow.ts';
import { catalogQuery } from '#ui/api/queries.ts';
import { type Entered, MANUAL, type RunInput, readInput, type TriggerChoice } from './run-input.ts';

/** What a form for an execution works with. */
export interface RunForm {
  entered: Entered;
  setEntered(entered: Entered): void;
  /** What is wrong with the fields, once somebody has tried to start. */
  problems: Record<string, string>;
  samples: ReadonlyMap<string, object>;
  /** What was entered, where all of it can be sent. */
  read(): RunInput | undefined;
}

const EMPTY: Entered = { variables: {}, trigger: MANUAL, event: '' };

/** Keeps what is typed into a form for an execution, and reads it when it is sent. */
export function useRunInput(variables: readonly Variable[], triggers: readonly TriggerChoice[]): RunForm {
  const { data } = useQuery(catalogQuery);
  const [entered, setEntered] = useState(EMPTY);
  const [isTried, setTried] = useState(false);
  const samples = useMemo(
    () => new Map((data?.triggers ?? []).map(({ type, sample }): [string, object] => [type, sample])),
    [data],
  );
  const input = readInput(variables, triggers, entered);
  return {
    entered,
    setEntered,
    samples,
    problems: isTried ? input.problems : {},
    read() {
      setTried(true);
      return Object.keys(input.problems).length === 0 ? input : undefined;
    },
  };
}
