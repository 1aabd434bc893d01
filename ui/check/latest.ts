/** Work that only ever matters in its newest form. */
export interface Latest<Input, Output> {
  /** The answer to the newest input: whoever asked before it was answered is given that one too. */
  ask(input: Input): Promise<Output>;
}

interface Asked<Input, Output> {
  input: Input;
  resolve(output: Output): void;
  reject(reason: unknown): void;
}

/**
 * Runs work for the newest input only: one input is worked on, at most one waits, and a newer one takes its place.
 * An answer that a newer input has made void is thrown away; who waited for it gets the newer answer.
 */
export function createLatest<Input, Output>(run: (input: Input) => Promise<Output>): Latest<Input, Output> {
  let asking: Asked<Input, Output>[] = [];
  let isBusy = false;

  const work = async (): Promise<void> => {
    isBusy = true;
    for (;;) {
      const newest = asking.at(-1);
      if (!newest) break;
      const count = asking.length;
      const settled = await run(newest.input).then(
        (output) => (asked: Asked<Input, Output>) => asked.resolve(output),
        (reason: unknown) => (asked: Asked<Input, Output>) => asked.reject(reason),
      );
      if (asking.length > count) continue;
      const answered = asking;
      asking = [];
      for (const asked of answered) settled(asked);
    }
    isBusy = false;
  };

  return {
    ask: (input) =>
      new Promise((resolve, reject) => {
        asking.push({ input, resolve, reject });
        if (!isBusy) void work();
      }),
  };
}
