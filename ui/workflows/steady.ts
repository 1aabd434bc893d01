/**
 * The order in which a list goes on showing its items, so that none moves while it is looked at: those shown before
 * stay where they were, new ones stand in front, and those of a further page behind.
 */
export function steady(shown: readonly string[], ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  const before = shown.filter((id) => wanted.has(id));
  const known = new Set(before);
  const lastKnown = ids.findLastIndex((id) => known.has(id));
  const fresh = ids.filter((id, index) => !known.has(id) && index < lastKnown);
  const further = ids.filter((id, index) => !known.has(id) && index > lastKnown);
  return [...fresh, ...before, ...further];
}
