import { unused } from '#shared/definition/slug.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { moved } from './change.ts';
import classes from './config.module.css';
import { AddButton, ItemButtons } from './list-control.tsx';
import { problemsUnder } from './problems-at.ts';
import { SchemaForm } from './schema-form.tsx';
import { defaultHints, variableSchema } from './variables.ts';
import type { SectionProps } from './workflow-panel.tsx';

function VariableCard({
  variable,
  index,
  list,
  ...props
}: SectionProps & { variable: JsonObject; index: number; list: readonly Json[] }) {
  const { scope, problems, isReadOnly, onChange } = props;
  const at = ['variables', index];
  const name = typeof variable.name === 'string' ? variable.name : '';
  const label = `Variable ${name || index + 1}`;
  const type = typeof variable.type === 'string' ? variable.type : 'any';
  return (
    <section className={classes.card} aria-label={label}>
      <div className={classes.cardHead}>
        <strong className="one-line inert">{name || 'Without a name'}</strong>
        <span className={classes.buttons}>
          {!isReadOnly && (
            <ItemButtons
              label={label}
              index={index}
              count={list.length}
              onMove={(to) => onChange(['variables'], moved(list, index, to))}
              onRemove={() => onChange(at, undefined)}
            />
          )}
        </span>
      </div>
      <SchemaForm
        schema={variableSchema(type)}
        value={variable}
        scope={scope}
        problems={problemsUnder(problems, at)}
        isReadOnly={isReadOnly}
        isFixed
        isFlat
        fieldHints={defaultHints(type)}
        onChange={(path, value) => onChange([...at, ...path], value)}
      />
    </section>
  );
}

/** The values an execution can be started with. */
export function VariableList(props: SectionProps) {
  const { definition, isReadOnly, onChange } = props;
  const list = Array.isArray(definition.variables) ? definition.variables : [];
  const add = (): void => {
    const names = list.flatMap((one) => (isObject(one) && typeof one.name === 'string' ? [one.name] : []));
    onChange(['variables'], [...list, { name: unused('variable', new Set(names)), type: 'string' }]);
  };
  return (
    <div className={classes.panel}>
      {list.length === 0 && (
        <Notice
          title="No variables"
          detail="A variable is a value that an execution can be started with, and that every step can read as {{ variables.name }}."
        />
      )}
      {list.map((variable, index) => (
        <VariableCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a variable keeps the focus in it while its name is typed
          key={index}
          {...props}
          variable={isObject(variable) ? variable : {}}
          index={index}
          list={list}
        />
      ))}
      {!isReadOnly && <AddButton label="Add a variable" onClick={add} />}
    </div>
  );
}
