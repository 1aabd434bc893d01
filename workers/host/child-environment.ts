/** Variables that programs started by actions get; all others may hold secrets of the runner's. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'];

/** The part of the worker's environment that programs started by actions may see. */
export const childEnvironment = (environment: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
