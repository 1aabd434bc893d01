/** One thing that could be written next. */
export interface Completion {
  label: string;
  /** What is written, in place of the text from `from` to the position. */
  insert: string;
  from: number;
  /** Characters from the end of `insert` at which the caret then stands. */
  back?: number;
  kind: 'root' | 'local' | 'step' | 'property' | 'variable' | 'secret' | 'function' | 'method';
  /** Its type, and a sample of its value. */
  detail?: string;
  /** What it is, in words. */
  info?: string;
}

/** A completion that writes its own label. */
export const completion = (
  kind: Completion['kind'],
  label: string,
  more: Partial<Pick<Completion, 'detail' | 'info' | 'insert' | 'back'>> = {},
): Completion => ({ label, insert: label, from: 0, kind, ...more });

/** 0 for what begins with the text, 1 for what has it inside or in its details, 2 for letters in order; else none. */
function rank({ label, detail = '', kind }: Completion, partial: string): number | undefined {
  const name = label.toLowerCase();
  if (name.startsWith(partial)) return 0;
  if (name.includes(partial) || (kind === 'step' && detail.toLowerCase().includes(partial))) return 1;
  let at = 0;
  for (const letter of partial) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return undefined;
  }
  return 2;
}

const MOST = 200;

/** Those that fit what has been typed, best first, otherwise in the order given. */
export function matching(candidates: readonly Completion[], partial: string): Completion[] {
  const wanted = partial.toLowerCase();
  const ranked = candidates.flatMap((candidate) => {
    const found = rank(candidate, wanted);
    return found === undefined ? [] : [{ candidate, found }];
  });
  return ranked
    .sort((one, other) => one.found - other.found)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}
