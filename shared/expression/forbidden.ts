/** Keys that lead from a value to the machinery behind it. No expression may name them, anywhere. */
const KEYS = new Set([
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/** Names that mean the calling function in JavaScript; forbidden as identifiers, harmless as keys. */
const IDENTIFIERS = new Set(['caller', 'callee', 'arguments']);

/** True for a key that must not be named as a member, literal key or argument. */
export const isForbiddenKey = (key: string): boolean => KEYS.has(key);

/** True for a name that must not be used as an identifier, parameter or function. */
export const isForbiddenName = (name: string): boolean => KEYS.has(name) || IDENTIFIERS.has(name);
