import { Button, Text } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { brief } from '#ui/expression/known.ts';
import classes from './config.module.css';
import { Field } from './field.tsx';
import { type FieldInfo, fieldsOf, labelOf } from './field-kind.ts';
import { hintAt, useForm } from './form-context.ts';
import { problemsUnder } from './problems-at.ts';

/** A key that the schema does not have: most often a typing mistake, or what is left of another action. */
function UnknownKey({ name, value, path }: { name: string; value: Json; path: Path }) {
  const { onChange, isReadOnly, problems } = useForm();
  const [problem] = problemsUnder(problems, path);
  return (
    <div className={classes.unknown}>
      <div style={{ minWidth: 0, flex: 1 }}>
        <Text size="xs" fw={500} className="inert one-line">
          {name}: {brief(value)}
        </Text>
        <Text size="xs" c="var(--state-failure)" className="inert">
          {problem ? `${problem.message} ${problem.fix ?? ''}` : 'This is not known here.'}
        </Text>
      </div>
      {!isReadOnly && (
        <Button variant="default" size="compact-xs" onClick={() => onChange(path, undefined)}>
          Remove {name.slice(0, 40)}
        </Button>
      )}
    </div>
  );
}

/** Fields that nobody has set, out of the way. */
function MoreOptions({
  fields,
  isOpenFirst,
  render,
}: {
  fields: FieldInfo[];
  isOpenFirst: boolean;
  render(field: FieldInfo): React.ReactNode;
}) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  if (fields.length === 0) return null;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <button type="button" className={classes.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Chevron size={14} aria-hidden /> More options ({fields.length})
      </button>
      {isOpen && fields.map(render)}
    </>
  );
}

/** The fields of an object: those that are required or set, then the others folded, then keys that are not known. */
export function ObjectFields({
  schema,
  path,
  value,
  isNested = false,
}: {
  schema: JsonObject;
  path: Path;
  value: Json | undefined;
  isNested?: boolean;
}) {
  const { root, hints, problems, isFlat } = useForm();
  const object = isObject(value) ? value : {};
  const fields = fieldsOf(schema, root).filter(({ name }) => hintAt(hints, [...path, name]).as !== 'hidden');
  // A field stays where it was when the form appeared: setting or clearing it moves nothing.
  const [first] = useState(() => new Set(Object.keys(object)));
  const isUpFront = ({ name, isRequired }: FieldInfo): boolean => isFlat || isRequired || first.has(name);
  const hasProblem = ({ name }: FieldInfo): boolean => problemsUnder(problems, [...path, name]).length > 0;
  const upFront = fields.filter(isUpFront);
  const others = fields.filter((field) => !isUpFront(field));
  const known = new Set(fieldsOf(schema, root).map(({ name }) => name));
  const render = ({ name, schema: inner, isRequired, description, standard }: FieldInfo) => (
    <Field
      key={name}
      schema={inner}
      path={[...path, name]}
      value={Object.hasOwn(object, name) ? object[name] : undefined}
      label={labelOf(name)}
      {...{ description, isRequired, standard }}
    />
  );
  return (
    <div className={isNested ? classes.group : classes.form}>
      {upFront.map(render)}
      <MoreOptions
        fields={others}
        isOpenFirst={upFront.length === 0 || others.some(hasProblem)}
        render={render}
      />
      {Object.entries(object)
        .filter(([name]) => !known.has(name))
        .map(([name, item]) => (
          <UnknownKey key={name} name={name} value={item} path={[...path, name]} />
        ))}
    </div>
  );
}
