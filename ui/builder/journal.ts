import type { Json, JsonObject } from '#shared/json.ts';

/** A draft as this browser keeps it until the server has it. */
export interface Entry {
  definition: JsonObject;
  /** The text that `definition` is written into. */
  originText: string;
  /** A text written by hand that was not read as a definition: nobody had tried yet, or it cannot be. */
  unread?: string;
  /** The text and the revision on the server that it was made from. */
  baseText: string;
  revision: number;
}

const keyOf = (id: string): string => `acas:draft:${id}`;

/** Keeps a draft in this browser. Throws where the browser has no room or no leave to. */
export const keep = (id: string, entry: Entry): void =>
  localStorage.setItem(keyOf(id), JSON.stringify(entry));

/** Forgets a draft that the server has. */
export const forget = (id: string): void => localStorage.removeItem(keyOf(id));

const isEntry = (value: Json): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'definition' in value &&
  'originText' in value &&
  'revision' in value;

/** The draft that was kept and that the server never got; undefined where there is none. */
export function recall(id: string): Entry | undefined {
  const text = localStorage.getItem(keyOf(id));
  if (text === null) return undefined;
  const value = JSON.parse(text) as Json;
  return isEntry(value) ? (value as unknown as Entry) : undefined;
}
