import { Modal, Text } from '@mantine/core';
import { useMemo, useRef } from 'react';
import type { JsonObject } from '#shared/json.ts';
import { ValueView } from '#ui/data/data-view.tsx';
import classes from './expression-field.module.css';
import { inserted } from './insert.ts';
import { LazyEditor } from './lazy-editor.tsx';
import type { Preview } from './preview.ts';
import type { ScopeInfo } from './scope-info.ts';
import { usePreview } from './use-preview.ts';

const LATER = '(known only when it runs)';

/** The names an expression can begin with, with their values where those are known. */
function inputsOf({ values, locals, secrets, trigger }: ScopeInfo): JsonObject {
  const later = Object.fromEntries(locals.map((name) => [name, LATER]));
  const known = Object.fromEntries(secrets.map((name) => [name, LATER]));
  return { ...later, trigger, ...values, ...(secrets.length > 0 && { secrets: known }) };
}

function Result({ preview }: { preview: Preview | undefined }) {
  if (!preview) return <Text c="var(--house-muted)">Nothing to evaluate: this is plain text.</Text>;
  if ('value' in preview) return <ValueView value={preview.value} name="Result" />;
  const isError = 'error' in preview;
  return (
    <div role="status">
      <Text c={isError ? 'var(--state-failure)' : 'var(--house-muted)'} className="inert">
        {isError ? `Error: ${preview.error}` : preview.unknown}
      </Text>
      {isError && preview.fix !== undefined && <Text className="inert">{preview.fix}</Text>}
    </div>
  );
}

/** An expression with room around it: what it can read on the left, its result on the right. */
export function LargeEditor({
  label,
  value,
  onChange,
  scope,
  isReadOnly,
  isCondition,
  onClose,
}: {
  label: string;
  value: string;
  onChange(value: string): void;
  scope: ScopeInfo;
  isReadOnly: boolean;
  isCondition: boolean;
  onClose(): void;
}) {
  const inputs = useMemo(() => inputsOf(scope), [scope]);
  const result = usePreview(value, scope, isCondition);
  const caret = useRef(value.length);
  const insert = (expression: string): void => {
    if (isReadOnly) return;
    const { text, caret: next } = inserted(
      value,
      Math.min(caret.current, value.length),
      expression,
      isCondition,
    );
    caret.current = next;
    onChange(text);
  };
  return (
    <Modal opened onClose={onClose} size="90%" title={label} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Text fw={500}>Data: click a value to insert it</Text>
          <ValueView value={inputs} name="Data" path="" onPick={insert} />
        </div>
        <div className={classes.column}>
          <Text fw={500}>{isCondition ? 'Expression' : 'Text with {{ expressions }}'}</Text>
          <div className={classes.fill}>
            <LazyEditor
              {...{ value, onChange, scope, isReadOnly, label }}
              language={isCondition ? 'expression' : 'template'}
              rows={12}
              caret={value.length}
              onCaret={(position) => {
                caret.current = position;
              }}
              error={
                result && 'error' in result ? { position: result.position, message: result.error } : undefined
              }
              onSubmit={onClose}
            />
          </div>
        </div>
        <div className={classes.column}>
          <Text fw={500}>Result</Text>
          <Result preview={result} />
        </div>
      </div>
    </Modal>
  );
}
