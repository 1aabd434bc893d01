import { useRef } from 'react';

const isAlike = (a: object, b: object): boolean => {
  const [before, after] = [Object.entries(a), new Map(Object.entries(b))];
  return before.length === after.size && before.every(([key, value]) => Object.is(after.get(key), value));
};

/**
 * The earlier object for as long as its fields are the same ones, or as `isEqual` says: what is drawn of it need not be
 * drawn again.
 */
export function useStable<T extends object>(value: T, isEqual: (a: T, b: T) => boolean = isAlike): T {
  const kept = useRef(value);
  if (!isEqual(kept.current, value)) kept.current = value;
  return kept.current;
}
