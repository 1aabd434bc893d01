import type { Json } from '../../json.ts';
import { type Arguments, type Arity, arityOf } from '../arguments.ts';

/** A function of the library: documentation, completion, tests and the call itself come from one entry. */
export interface LibraryFunction {
  readonly name: string;
  /** What it gives, in one sentence. */
  readonly doc: string;
  /** Its parameters: `text, with?` or `...values`. */
  readonly args: string;
  /** Expressions and their results; each is executed by a test. */
  readonly examples: readonly (readonly [expression: string, result: Json | undefined])[];
  readonly arity: Arity;
  readonly call: (args: Arguments) => Json | undefined;
}

type Entry = Omit<LibraryFunction, 'arity'>;

/** Completes entries of the library with what follows from their signature. */
export const define = (entries: readonly Entry[]): LibraryFunction[] =>
  entries.map((entry) => ({ ...entry, arity: arityOf(entry.args) }));
