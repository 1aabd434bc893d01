import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { routes } from '#shared/contract/routes.ts';
import type { JsonObject } from '#shared/json.ts';
import { type AnswerOf, request } from '#ui/api/client.ts';
import type { Pins } from './pins.ts';
import type { RunInput } from './run-input.ts';

/** What a dry run has shown: the state, input and output of every step, in virtual time. */
export type TestResult = AnswerOf<(typeof routes)['testWorkflow']>;

/** What a step fails with that was told to. */
const FAILURE = 'It was made to fail in the sandbox.';

interface Trial {
  definition: JsonObject;
  pins: Pins;
  input: RunInput;
  failing: ReadonlySet<string>;
}

const failuresOf = (failing: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries([...failing].map((id) => [id, FAILURE]));

/** Dry runs of a definition that need not be saved. Results are handed up, and taken back when it is done with. */
export function useSandbox(workflowId: string, onResult: (result: TestResult | undefined) => void) {
  const [failing, setFailing] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<Trial>();
  const run = useMutation({
    mutationFn: ({ definition, pins, input, failing: failures }: Trial) =>
      request('post', '/api/workflows/:id/test', {
        params: { id: workflowId },
        body: {
          definition,
          variables: input.variables,
          ...(input.trigger && { trigger: input.trigger }),
          outputs: pins,
          failures: failuresOf(failures),
        },
      }),
    onSuccess: (result, trial) => {
      setLast(trial);
      onResult(result);
    },
    onError: () => onResult(undefined),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: taken back once, at the end.
  useEffect(() => () => onResult(undefined), []);
  return {
    result: run.data,
    error: run.error,
    isRunning: run.isPending,
    last,
    failing,
    setFailing,
    start: (trial: Trial) => run.mutate(trial),
  };
}
