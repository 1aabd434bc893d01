import { X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { ExpressionField } from '#ui/expression/expression-field.tsx';
import { describedBy, FieldFrame } from '#ui/expression/field-frame.tsx';
import { IconButton } from '#ui/expression/icon-button.tsx';
import { draggedExpression } from '#ui/expression/insert.ts';
import { brief } from '#ui/expression/known.ts';
import classes from './config.module.css';
import { type FieldKind, isLongName, kindOf, labelOf } from './field-kind.ts';
import { isOpen } from './fit.ts';
import { type FieldHint, hintAt, useForm } from './form-context.ts';
import { EMPTY } from './opening.ts';
import { problemsAt, problemsUnder } from './problems-at.ts';
import { SecretMenu } from './secret-menu.tsx';

export interface FieldProps {
  schema: JsonObject;
  path: Path;
  value: Json | undefined;
  label?: string;
  description?: string | undefined;
  isRequired?: boolean;
  standard?: Json | undefined;
  /** It stands in a list or a record: it has to have a value. */
  isItem?: boolean;
  /** Stands in place of the label. */
  heading?: ReactNode;
  /** More buttons in the label's line. */
  aside?: ReactNode;
}

const SECRET = /token|password|passphrase|api_?key|secret|authorization/i;
const PATHS = /^(path|from|to|file|files|cwd|source|destination|base|images)$/;
const CONTAINERS: ReadonlySet<FieldKind['type']> = new Set(['list', 'object', 'record', 'union']);
const TEXTS: ReadonlySet<FieldKind['type']> = new Set(['text', 'long', 'any']);
const WITHOUT_TEMPLATES: ReadonlySet<FieldKind['type']> = new Set(['code', 'expression', 'steps']);

const nameOf = (path: Path): string => String(path.findLast((key) => typeof key === 'string') ?? '');

function kindFor({ schema, path }: FieldProps, root: JsonObject, hint: FieldHint): FieldKind {
  if (hint.as !== undefined && hint.as !== 'hidden') return { type: hint.as };
  return kindOf(schema, root, nameOf(path));
}

/** A path of a file says that it is relative to the workspace, where its description does not. */
function descriptionOf(
  { description, path }: FieldProps,
  { description: hinted }: FieldHint,
): string | undefined {
  const text = hinted ?? description;
  const isPath =
    PATHS.test(nameOf(path)) && /\b(file|folder|path)/i.test(text ?? '') && !/workspace/i.test(text ?? '');
  return isPath ? `${text}; relative to the workspace` : text;
}

/** Fixed or an expression: as the value says, and as it was chosen here, so that nothing changes while typing. */
function useMode(value: Json | undefined, set: (value: Json | undefined) => void) {
  const [isChosen, setChosen] = useState(isOpen(value));
  const [caret, setCaret] = useState<number>();
  const kept = useRef<{ fixed?: Json | undefined; expression?: string }>({});
  const isExpression = isOpen(value) || (isChosen && (value === undefined || typeof value === 'string'));
  return {
    isExpression,
    caret,
    open(text: string, at: number): void {
      kept.current.fixed = value;
      setCaret(at);
      setChosen(true);
      set(text);
    },
    write(text: string): void {
      setChosen(true);
      set(text === '' ? undefined : text);
    },
    toggle(): void {
      if (isExpression) {
        kept.current.expression = typeof value === 'string' ? value : '';
        setChosen(false);
        if (isOpen(value)) set(isOpen(kept.current.fixed) ? undefined : kept.current.fixed);
        return;
      }
      const text =
        typeof value === 'string' && value !== '' ? value : (kept.current.expression ?? EMPTY.text);
      this.open(text, text === EMPTY.text ? EMPTY.caret : text.length);
    },
  };
}

function Toggle({ label, isOn, onToggle }: { label: string; isOn: boolean; onToggle(): void }) {
  return (
    <button
      type="button"
      className={classes.fx}
      aria-pressed={isOn}
      aria-label={`${label}: expression`}
      title={isOn ? 'Write a fixed value instead' : 'Write an expression instead (type = or {{)'}
      onClick={onToggle}
    />
  );
}

/** A value of a form: its label, its control, fixed or an expression, and what is wrong with it. */
export function Field(props: FieldProps) {
  const { path, value, isRequired = false, isItem = false, standard, heading, aside } = props;
  const form = useForm();
  const id = useId();
  const hint = hintAt(form.hints, path);
  const kind = kindFor(props, form.root, hint);
  const label = hint.label ?? props.label ?? labelOf(nameOf(path));
  const set = (next: Json | undefined): void =>
    form.onChange(path, next === undefined && isItem && TEXTS.has(kind.type) ? '' : next);
  const mode = useMode(value, set);
  const { isReadOnly, scope } = form;
  const isBare = kind.type === 'expression';
  const takesTemplate = !form.isFixed && !WITHOUT_TEMPLATES.has(kind.type) && hint.control === undefined;
  const isSecret = takesTemplate && SECRET.test(nameOf(path));
  const isOne = takesTemplate && mode.isExpression;
  const found =
    CONTAINERS.has(kind.type) && !isOne
      ? problemsAt(form.problems, path)
      : problemsUnder(form.problems, path);
  const description = descriptionOf(props, hint);
  const insertSecret = (expression: string): void => {
    const before = typeof value === 'string' && !isSecret ? value : '';
    mode.open(`${before}{{ ${expression} }}`, before.length + expression.length + 3);
  };
  const buttons = isReadOnly ? (
    aside
  ) : (
    <>
      {takesTemplate && TEXTS.has(kind.type) && (
        <SecretMenu label={label} secrets={scope.secrets} onPick={insertSecret} />
      )}
      {takesTemplate && <Toggle label={label} isOn={mode.isExpression} onToggle={() => mode.toggle()} />}
      {!isRequired && !isItem && value !== undefined && (
        <IconButton icon={X} label={`${label}: clear`} hint="Clear" onClick={() => set(undefined)} />
      )}
      {aside}
    </>
  );
  const shown = { label, description, isRequired, heading, aside: buttons };
  if ((isBare && (value === undefined || typeof value === 'string')) || isOne) {
    return (
      <ExpressionField
        {...shown}
        {...{ scope, isReadOnly }}
        value={typeof value === 'string' ? value : ''}
        onChange={isBare ? (text) => set(text === '' ? undefined : text) : mode.write}
        error={found[0] && textOf(found[0])}
        isCondition={isBare}
        rows={
          kind.type === 'text' || isBare
            ? undefined
            : kind.type === 'long' || isLongName(nameOf(path))
              ? 3
              : 2
        }
        placeholder={hint.placeholder}
        caret={isBare ? undefined : mode.caret}
      />
    );
  }
  const begin = (event: KeyboardEvent): void => {
    const isEmpty = value === undefined && !CONTAINERS.has(kind.type) && !TEXTS.has(kind.type);
    if (!isEmpty || !takesTemplate || isReadOnly || (event.key !== '=' && event.key !== '{')) return;
    event.preventDefault();
    mode.open(EMPTY.text, EMPTY.caret);
  };
  const drop = (event: DragEvent): void => {
    const expression = draggedExpression(event.dataTransfer);
    const isNative = TEXTS.has(kind.type) || CONTAINERS.has(kind.type);
    if (expression === undefined || isNative || !takesTemplate || isReadOnly) return;
    event.preventDefault();
    const text = `{{ ${expression} }}`;
    mode.open(text, text.length);
  };
  return (
    <FieldFrame
      {...shown}
      id={id}
      control={CONTAINERS.has(kind.type) || kind.type === 'code' ? undefined : id}
      problems={found}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only watches what the control inside is given */}
      <div onKeyDown={begin} onDrop={drop}>
        <form.Control
          {...{ id, label, value, path, isReadOnly, kind, standard, hint }}
          schema={props.schema}
          onChange={set}
          onOpen={takesTemplate ? mode.open : undefined}
          placeholder={hint.placeholder ?? standardText(standard)}
          describedBy={describedBy(id)}
          isInvalid={found.length > 0}
        />
      </div>
    </FieldFrame>
  );
}

/** What holds where nothing is written: it is shown, and not written. */
function standardText(standard: Json | undefined): string | undefined {
  const isNothing =
    standard === undefined ||
    standard === '' ||
    (typeof standard === 'object' && Object.keys(standard ?? {}).length === 0);
  return isNothing ? undefined : `${typeof standard === 'string' ? standard : brief(standard)} by default`;
}

const textOf = ({ message, fix }: { message: string; fix?: string }): string =>
  fix === undefined ? message : `${message} ${fix}`;
