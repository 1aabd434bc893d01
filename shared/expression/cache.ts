/** A pure function that keeps its last results: safe to share, since the same text always gives the same answer. */
export function remembered<T>(size: number, make: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (kept.size >= size) kept.delete(kept.keys().next().value as string);
    kept.set(text, made);
    return made;
  };
}
