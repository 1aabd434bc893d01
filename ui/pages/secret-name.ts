/** What stands after `secrets.` in an expression. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const LONGEST = 100;

/** Why a text cannot name a secret; undefined where it can, and for none at all. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return undefined;
  if (!NAME.test(name)) return 'Use letters, digits and _ only, and begin with a letter or _.';
  if (name.length > LONGEST) return `It is longer than ${LONGEST} characters.`;
  if (taken.includes(name))
    return 'There is a secret of that name. Replace that one, or choose another name.';
  return undefined;
}
