import { type ComponentType, createContext, type ReactNode, useContext } from 'react';
import type { Path, Problem } from '#shared/definition/problem.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import type { KindProps } from './control.tsx';

/** What a control is given: one value, and the way to change it; `undefined` clears it. */
export interface ControlProps {
  /** The id of the element that the label belongs to. */
  id: string;
  label: string;
  value: Json | undefined;
  onChange(value: Json | undefined): void;
  path: Path;
  isReadOnly: boolean;
  placeholder?: string | undefined;
  describedBy?: string | undefined;
  isInvalid?: boolean | undefined;
}

/** What a form is told about a field besides its schema. */
export interface FieldHint {
  /** Edited as this, whatever the schema says. `hidden` leaves it out. */
  as?: 'code' | 'long' | 'text' | 'duration' | 'expression' | 'any' | 'json' | 'hidden';
  label?: string;
  description?: string;
  placeholder?: string;
  /** A control of its own, in place of the one for fixed values. */
  control?(props: ControlProps): ReactNode;
}

/** Hints by the names on the way to a field, without the positions in lists: `tools.action`. */
export type FieldHints = Readonly<Record<string, FieldHint>>;

export interface FormState {
  /** Where `$ref` of the schemas lead. */
  root: JsonObject;
  scope: ScopeInfo;
  problems: readonly Problem[];
  isReadOnly: boolean;
  /** Nothing in it is filled in when it runs: there are no expressions. */
  isFixed: boolean;
  /** Every field is up front. */
  isFlat: boolean;
  hints: FieldHints;
  /** The control of any kind of value: fields and unions hold controls, some of which hold fields again. */
  Control: ComponentType<KindProps>;
  onChange(path: Path, value: Json | undefined): void;
}

export const FormContext = createContext<FormState | undefined>(undefined);

/** The form that a field stands in. */
export function useForm(): FormState {
  const form = useContext(FormContext);
  if (!form) throw new Error('This stands in no form.');
  return form;
}

/** The hint for a field, if there is one. */
export const hintAt = (hints: FieldHints, path: Path): FieldHint =>
  hints[path.filter((key) => typeof key === 'string').join('.')] ?? {};
