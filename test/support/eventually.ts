/** How long a test waits for what must come, in milliseconds: below Jest's own limit, so that the error names it. */
export const PATIENCE = 50_000;

/**
 * Asks again and again until the answer is neither `undefined` nor `false`, and gives it. After the patience it fails
 * with what was waited for: an end to waiting, no claim about speed. A function tells what there was instead.
 */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  what: string | (() => Promise<string>),
  milliseconds = PATIENCE,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline)
      throw new Error(`Not within ${milliseconds} ms: ${typeof what === 'string' ? what : await what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
