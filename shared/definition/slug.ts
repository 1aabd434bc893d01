const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();

const joined = (text: string, by: string): string => {
  const slug = plain(text)
    .replace(/[^a-z0-9]+/g, by)
    .replace(new RegExp(`^\\${by}+|\\${by}+$`, 'g'), '')
    .slice(0, 80);
  return /^[a-z]/.test(slug) ? slug : `w${by}${slug}`.replace(new RegExp(`\\${by}+$`), '');
};

/** `Automated Code Review` → `automated-code-review`: a workflow's id from its name. */
export const dashed = (name: string): string => joined(name, '-');

/** `Read Changed File` → `read_changed_file`: a step's id from its name, fit to stand in expressions. */
export const snaked = (name: string): string => joined(name, '_');

/** True for an id that no step can have: paths and objects have a use of their own for it. */
export const isReserved = (id: string): boolean => id === 'finally' || id === 'undo' || id in {};

/** The id, or the id with the first number that makes it new; it is taken from then on. */
export function unused(id: string, taken: Set<string>): string {
  let candidate = id;
  for (let number = 2; taken.has(candidate) || isReserved(candidate); number++) candidate = `${id}_${number}`;
  taken.add(candidate);
  return candidate;
}
