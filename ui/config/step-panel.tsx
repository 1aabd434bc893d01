import { Button, Switch, Text } from '@mantine/core';
import { FlaskConical, ListEnd } from 'lucide-react';
import { memo, useMemo } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { IconButton } from '#ui/expression/icon-button.tsx';
import { useHandlers } from '#ui/kit/use-handlers.ts';
import { useStable } from '#ui/kit/use-stable.ts';
import { ActionForm } from './action-form.tsx';
import { agentHints, WORKFLOW_HINTS } from './action-hints.tsx';
import { ActionPicker } from './action-picker.tsx';
import { BranchList } from './branch-list.tsx';
import { actionOf } from './catalog-view.ts';
import { change } from './change.ts';
import classes from './config.module.css';
import type { PanelProps } from './error-panel.tsx';
import type { FieldHints } from './form-context.ts';
import { ProblemList } from './problem-list.tsx';
import { problemsElsewhere, problemsUnder } from './problems-at.ts';
import { SchemaForm } from './schema-form.tsx';
import { StepFolds } from './step-folds.tsx';
import { StepHeader } from './step-header.tsx';
import { actionTypeOf, typeOf } from './step-parts.ts';

export interface StepPanelProps extends PanelProps {
  id: string;
  onRename(name: string): void;
  onRenameId(id: string): void;
  /** Tries the step by itself; without it there is no button. */
  onTry?: (() => void) | undefined;
  /** Executes the workflow up to this step; without it there is no button. */
  onRunUntil?: (() => void) | undefined;
}

/** Parts of a step that go when nothing is left in them; `config` and `parameters` stay. */
const PRUNED: ReadonlySet<string | number | undefined> = new Set(['retryPolicy', 'errorHandling']);

/** Panels edit below a step; what they send is made the smallest edit of the step that does it. */
function useEdits(step: JsonObject, onChange: PanelProps['onChange']): PanelProps['onChange'] {
  return useHandlers({
    edit: (path: Path, value: Json | undefined) => {
      const edit = change(step, path, value, PRUNED.has(path[0]) ? 0 : 2);
      onChange(edit.path, edit.value);
    },
  }).edit;
}

/** The step for each panel, the same object while nothing changed that the panel shows. */
function useParts(step: JsonObject): { own: JsonObject; around: JsonObject } {
  const { name: _name, position: _position, connections: _connections, ...own } = step;
  const { action: _action, config: _config, ...around } = own;
  const action = useStable({ type: actionTypeOf(step) ?? '' });
  return { own: useStable(own), around: useStable({ ...around, action }) };
}

const Parameters = memo(function Parameters({
  step,
  catalog,
  scope,
  problems,
  isReadOnly,
  onChange,
}: PanelProps) {
  const type = actionTypeOf(step);
  const action = isObject(step.action) ? step.action : {};
  const pick = (next: string): void => {
    const { input } = actionOf(catalog, next) ?? {};
    const properties = isObject(input?.properties) ? input.properties : {};
    const before = isObject(action.parameters) ? Object.entries(action.parameters) : [];
    const kept = Object.fromEntries(before.filter(([name]) => Object.hasOwn(properties, name)));
    onChange(['action'], { ...action, type: next, parameters: kept });
  };
  return (
    <>
      <ActionPicker {...{ catalog, isReadOnly }} label="Action" value={type} onPick={pick} />
      <ProblemList problems={problemsUnder(problems, ['action', 'type'])} />
      {type !== undefined && (
        <ActionForm
          {...{ catalog, type, scope, isReadOnly }}
          parameters={action.parameters}
          problems={problemsUnder(problems, ['action', 'parameters'])}
          onChange={(path, value) => onChange(['action', 'parameters', ...path], value)}
        />
      )}
    </>
  );
});

const NO_HINTS: FieldHints = {};

/** What the forms of some types of steps are told besides their schema. */
const TYPE_HINTS: Record<string, FieldHints> = {
  parallel: { branches: { as: 'hidden' } },
  workflow: WORKFLOW_HINTS,
};

const Config = memo(function Config({ step, catalog, scope, problems, isReadOnly, onChange }: PanelProps) {
  const type = typeOf(step);
  const schema = catalog.steps.find((kind) => kind.type === type)?.config;
  const hints = useMemo(
    () => (type === 'ai_flow' ? agentHints(catalog) : (TYPE_HINTS[type] ?? NO_HINTS)),
    [type, catalog],
  );
  const config = isObject(step.config) ? step.config : {};
  return (
    <>
      {type === 'parallel' && (
        <BranchList branches={config.branches} isReadOnly={isReadOnly} onChange={onChange} />
      )}
      <SchemaForm
        key={type}
        schema={schema ?? {}}
        value={config}
        scope={scope}
        problems={problemsUnder(problems, ['config'])}
        isReadOnly={isReadOnly}
        fieldHints={hints}
        onChange={(path, value) =>
          onChange(['config', ...path], value ?? (path.length === 0 ? {} : undefined))
        }
      />
    </>
  );
});

const SHOWN_ELSEWHERE = ['action', 'config', 'retryPolicy', 'timeout', 'errorHandling'];

/** Everything about one step: what it is, what it is given, and what happens around it. */
export function StepPanel(props: StepPanelProps) {
  const { id, step, catalog, problems, isReadOnly, onRename, onRenameId, onTry, onRunUntil } = props;
  const edit = useEdits(step, props.onChange);
  const { own, around } = useParts(step);
  const type = typeOf(step);
  const action = actionOf(catalog, actionTypeOf(step));
  const kind = catalog.steps.find((candidate) => candidate.type === type);
  const panel = { catalog, scope: props.scope, problems, isReadOnly, onChange: edit };
  return (
    <div className={classes.panel} data-step={id} key={id}>
      <StepHeader
        {...{ id, isReadOnly, onRename, onRenameId }}
        name={typeof step.name === 'string' ? step.name : ''}
        icon={action?.icon ?? kind?.icon ?? 'box'}
        kind={action ? `${action.title} · ${action.type}` : (kind?.title ?? type)}
        description={action?.description ?? kind?.description ?? 'This type of step is not known here.'}
      />
      <div className={classes.cardHead}>
        <Switch
          label="Enabled"
          checked={step.disabled !== true}
          disabled={isReadOnly}
          onChange={(event) => edit(['disabled'], event.currentTarget.checked ? undefined : true)}
        />
        {onTry && (
          <Button
            variant="light"
            ml="auto"
            leftSection={<FlaskConical size={14} aria-hidden />}
            onClick={onTry}
          >
            Try this step
          </Button>
        )}
        {onRunUntil && (
          <IconButton
            icon={ListEnd}
            label="Execute up to this step"
            hint="Execute up to this step"
            onClick={onRunUntil}
          />
        )}
      </div>
      {step.disabled === true && (
        <Text size="sm" c="var(--house-muted)">
          It is passed through: skipped, its success edges followed.
        </Text>
      )}
      <ProblemList problems={problemsElsewhere(problems, SHOWN_ELSEWHERE)} />
      {type === 'action' ? <Parameters {...panel} step={own} /> : <Config {...panel} step={own} />}
      <StepFolds {...panel} step={around} />
    </div>
  );
}
