import { useEffect, useMemo } from 'react';
import type { Path, Problem } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { loadEditor } from '#ui/expression/lazy-editor.tsx';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { whenIdle } from '#ui/kit/late.ts';
import { change } from './change.ts';
import classes from './config.module.css';
import { Control } from './control.tsx';
import { fieldsOf, kindOf } from './field-kind.ts';
import { type FieldHints, FormContext, type FormState } from './form-context.ts';
import { ProblemList } from './problem-list.tsx';
import { problemsElsewhere } from './problems-at.ts';

export interface SchemaFormProps {
  /** JSON Schema of the value. */
  schema: JsonObject;
  value: Json | undefined;
  /** One edit at a path of the value; `undefined` removes what stands there. */
  onChange(path: Path, value: Json | undefined): void;
  scope: ScopeInfo;
  /** What is wrong, with paths relative to the value. */
  problems: readonly Problem[];
  isReadOnly: boolean;
  fieldHints?: FieldHints;
  /** Nothing in it is filled in when it runs: no field can be an expression. */
  isFixed?: boolean;
  /** Every field is shown, none folded. */
  isFlat?: boolean;
}

const NO_HINTS: FieldHints = {};

/** A form made from a JSON Schema: every value fixed or an expression, optional ones folded until they are set. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, value, onChange, scope, problems, isReadOnly, fieldHints = NO_HINTS } = props;
  const { isFixed = false, isFlat = false } = props;
  useEffect(() => whenIdle([loadEditor]), []);
  const form = useMemo<FormState>(
    () => ({
      root: schema,
      scope,
      problems,
      isReadOnly,
      isFixed,
      isFlat,
      hints: fieldHints,
      Control,
      onChange: (path, next) => {
        const edit = change(value, path, next);
        onChange(edit.path, edit.value);
      },
    }),
    [schema, scope, problems, isReadOnly, isFixed, isFlat, fieldHints, value, onChange],
  );
  const kind = kindOf(schema, schema);
  const named = kind.type === 'object' ? fieldsOf(schema, schema).map(({ name }) => name) : [];
  const known = [...named, ...Object.keys(isObject(value) ? value : {})];
  const general =
    kind.type === 'object' ? problemsElsewhere(problems, known) : problems.filter(({ path }) => path === '');
  return (
    <FormContext value={form}>
      <div className={classes.form}>
        <ProblemList problems={general} />
        <Control
          id="form"
          label="Value"
          {...{ kind, schema, value, isReadOnly }}
          path={[]}
          standard={undefined}
          hint={{}}
          onChange={(next) => onChange([], next)}
          onOpen={(text) => onChange([], text)}
        />
      </div>
    </FormContext>
  );
}
