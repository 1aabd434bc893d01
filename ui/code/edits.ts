import { diff } from '@codemirror/merge';

/** A piece of a text and what takes its place; offsets are those of the text before any edit. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** How long looking for small edits may take, in milliseconds; after that they are found more coarsely. */
const PATIENCE = 50;

/** The small edits that turn one text into another, so that cursors between them stay where they are. */
export const edits = (before: string, after: string): Edit[] =>
  diff(before, after, { timeout: PATIENCE, scanLimit: 500 }).map(({ fromA, toA, fromB, toB }) => ({
    from: fromA,
    to: toA,
    insert: after.slice(fromB, toB),
  }));
