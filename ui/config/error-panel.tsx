import { Button, Radio, Stack } from '@mantine/core';
import type { Path, Problem } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { ActionForm } from './action-form.tsx';
import { ActionPicker } from './action-picker.tsx';
import { actionOf, type CatalogView } from './catalog-view.ts';
import { AddButton } from './list-control.tsx';
import { problemsUnder } from './problems-at.ts';
import { SchemaForm } from './schema-form.tsx';

/** What a step does when its last attempt has failed, in one line each. */
export const STRATEGIES: Record<string, { title: string; about: string }> = {
  fail: { title: 'Fail', about: 'The execution fails, unless a failure edge leads on.' },
  continue: {
    title: 'Continue',
    about: 'The step stays failed, its output is null, and its success edges are followed.',
  },
  park: { title: 'Park', about: 'The execution waits until a person retries, skips or completes the step.' },
  fallback: {
    title: 'Fall back',
    about: 'The step counts as successful, with the value given here as its output.',
  },
};

export interface PanelProps {
  step: JsonObject;
  catalog: CatalogView;
  scope: ScopeInfo;
  /** With paths relative to the step. */
  problems: readonly Problem[];
  isReadOnly: boolean;
  onChange(path: Path, value: Json | undefined): void;
}

const VALUE: JsonObject = {
  type: 'object',
  properties: {
    value: { description: 'The output that stands in; {{ error.message }} says what went wrong' },
  },
  required: ['value'],
};

/** What happens when the step fails. */
export function ErrorPanel({ step, scope, problems, isReadOnly, onChange }: PanelProps) {
  const handling = isObject(step.errorHandling) ? step.errorHandling : {};
  const strategy = typeof handling.strategy === 'string' ? handling.strategy : 'fail';
  const choose = (next: string): void => {
    const { strategy: _, value, ...rest } = handling;
    const chosen = next === 'fail' ? rest : { ...rest, strategy: next };
    const whole: JsonObject = next === 'fallback' ? { ...chosen, value: value ?? {} } : chosen;
    onChange(['errorHandling'], Object.keys(whole).length === 0 ? undefined : whole);
  };
  const locals = { ...scope, locals: [...new Set([...scope.locals, 'error'])] };
  return (
    <>
      <Radio.Group aria-label="When the step fails" value={strategy} onChange={choose} readOnly={isReadOnly}>
        <Stack gap={8}>
          {Object.entries(STRATEGIES).map(([value, { title, about }]) => (
            <Radio
              key={value}
              size="xs"
              value={value}
              label={title}
              description={about}
              disabled={isReadOnly}
            />
          ))}
        </Stack>
      </Radio.Group>
      {strategy === 'fallback' && (
        <SchemaForm
          schema={VALUE}
          value={handling.value === undefined ? {} : { value: handling.value }}
          scope={locals}
          problems={problemsUnder(problems, ['errorHandling'])}
          isReadOnly={isReadOnly}
          onChange={(path, value) => onChange(['errorHandling', ...path], value ?? '')}
        />
      )}
    </>
  );
}

/** The action that takes the step back when the execution fails, is cancelled or times out after it. */
export function UndoPanel({ step, catalog, scope, problems, isReadOnly, onChange }: PanelProps) {
  const handling = isObject(step.errorHandling) ? step.errorHandling : {};
  const undo = isObject(handling.undo) ? handling.undo : undefined;
  const action = undo && isObject(undo.action) ? undo.action : undefined;
  const type = typeof action?.type === 'string' && action.type !== '' ? action.type : undefined;
  const base = ['errorHandling', 'undo', 'action'];
  if (!undo) {
    return isReadOnly ? null : (
      <AddButton
        label="Add an action that takes it back"
        onClick={() => onChange(base, { type: '', parameters: {} })}
      />
    );
  }
  return (
    <>
      <ActionPicker
        {...{ catalog, isReadOnly }}
        label="Action that takes the step back"
        value={type}
        onPick={(next) => onChange(base, { type: next, parameters: {} })}
      />
      {type !== undefined && (
        <ActionForm
          {...{ catalog, type, scope, isReadOnly }}
          parameters={action?.parameters}
          problems={problemsUnder(problems, [...base, 'parameters'])}
          onChange={(path, value) => onChange([...base, 'parameters', ...path], value)}
        />
      )}
      {!isReadOnly && (
        <Button
          variant="default"
          size="compact-xs"
          w="fit-content"
          onClick={() => onChange(['errorHandling', 'undo'], undefined)}
        >
          Remove the undo
        </Button>
      )}
    </>
  );
}

/** The undo in a few words. */
export function undoNote(step: JsonObject, catalog: CatalogView): string {
  const handling = isObject(step.errorHandling) ? step.errorHandling : {};
  const action =
    isObject(handling.undo) && isObject(handling.undo.action) ? handling.undo.action.type : undefined;
  if (typeof action !== 'string' || action === '') return 'none';
  return actionOf(catalog, action)?.title ?? action;
}
