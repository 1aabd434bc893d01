import { Button, SegmentedControl, Switch, Text } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useMemo } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import { formatDuration } from '#shared/duration.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { ActionForm } from './action-form.tsx';
import { agentHints } from './action-hints.tsx';
import { ActionPicker } from './action-picker.tsx';
import { BranchList } from './branch-list.tsx';
import { actionOf } from './catalog-view.ts';
import { change } from './change.ts';
import classes from './config.module.css';
import { ErrorPanel, type PanelProps, STRATEGIES, UndoPanel, undoNote } from './error-panel.tsx';
import { Fold } from './fold.tsx';
import type { FieldHints } from './form-context.ts';
import { ProblemList } from './problem-list.tsx';
import { problemsElsewhere, problemsUnder } from './problems-at.ts';
import { policyOf, retrySchema, retryText } from './retry.ts';
import { SchemaForm } from './schema-form.tsx';
import { StepHeader } from './step-header.tsx';

export interface StepPanelProps extends PanelProps {
  id: string;
  onRename(name: string): void;
  onRenameId(id: string): void;
  /** Tries the step by itself; without it there is no button. */
  onTry?: (() => void) | undefined;
}

/** Parts of a step that go when nothing is left in them; `config` and `parameters` stay. */
const PRUNED: ReadonlySet<string | number | undefined> = new Set(['retryPolicy', 'errorHandling']);

/** Panels edit below a step; what they send is made the smallest edit of the step that does it. */
function editsOf(step: JsonObject, onChange: PanelProps['onChange']): PanelProps['onChange'] {
  return (path: Path, value: Json | undefined) => {
    const edit = change(step, path, value, PRUNED.has(path[0]) ? 0 : 2);
    onChange(edit.path, edit.value);
  };
}

const typeOf = (step: JsonObject): string => (typeof step.type === 'string' ? step.type : '');

function actionTypeOf(step: JsonObject): string | undefined {
  const type = isObject(step.action) ? step.action.type : undefined;
  return typeof type === 'string' && type !== '' ? type : undefined;
}

function Parameters({ step, catalog, scope, problems, isReadOnly, onChange }: PanelProps) {
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
}

const BRANCHES: FieldHints = { branches: { as: 'hidden' } };

function Config({ step, catalog, scope, problems, isReadOnly, onChange }: PanelProps) {
  const type = typeOf(step);
  const schema = catalog.steps.find((kind) => kind.type === type)?.config;
  const hints = useMemo(
    () => (type === 'ai_flow' ? agentHints(catalog) : type === 'parallel' ? BRANCHES : {}),
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
}

function RetryPanel({ step, catalog, scope, problems, isReadOnly, onChange }: PanelProps) {
  const action = actionOf(catalog, actionTypeOf(step));
  const holds = policyOf(action?.retry);
  const schema = useMemo(() => retrySchema(policyOf(action?.retry)), [action]);
  return (
    <>
      <Text size="sm" c="var(--house-muted)">
        Now: {retryText(policyOf(holds as unknown as Json, step.retryPolicy))}.
      </Text>
      <SchemaForm
        {...{ schema, scope, isReadOnly }}
        isFixed
        isFlat
        value={step.retryPolicy ?? {}}
        problems={problemsUnder(problems, ['retryPolicy'])}
        onChange={(path, value) => onChange(['retryPolicy', ...path], value)}
      />
    </>
  );
}

const timeoutSchema = (standard: number | undefined): JsonObject => ({
  type: 'object',
  properties: {
    timeout: {
      format: 'duration',
      type: ['number', 'string'],
      ...(standard !== undefined && { default: formatDuration(standard) }),
      description: standard === undefined ? 'Of the whole step; none unless set' : 'Of one attempt',
    },
  },
});

function TimeoutPanel({ step, catalog, scope, problems, isReadOnly, onChange }: PanelProps) {
  const standard = actionOf(catalog, actionTypeOf(step))?.timeout;
  const schema = useMemo(() => timeoutSchema(standard), [standard]);
  return (
    <SchemaForm
      {...{ schema, scope, isReadOnly, onChange }}
      isFixed
      isFlat
      value={step.timeout === undefined ? {} : { timeout: step.timeout }}
      problems={problemsUnder(problems, ['timeout']).map((problem) => ({ ...problem, path: 'timeout' }))}
    />
  );
}

function JoinPanel({ step, isReadOnly, onChange }: PanelProps) {
  return (
    <>
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label="When the step starts"
        readOnly={isReadOnly}
        data={[
          { value: 'all', label: 'All edges' },
          { value: 'any', label: 'Any edge' },
        ]}
        value={step.join === 'any' ? 'any' : 'all'}
        onChange={(next) => onChange(['join'], next === 'any' ? 'any' : undefined)}
      />
      <Text size="sm" c="var(--house-muted)">
        {step.join === 'any'
          ? 'It starts as soon as the first of its incoming edges is taken.'
          : 'It starts when every incoming edge is decided and at least one was taken.'}
      </Text>
    </>
  );
}

const NOTES: JsonObject = {
  type: 'object',
  properties: { description: { type: 'string', description: 'What the step is for; shown to people only' } },
};

const countNote = (problems: readonly unknown[], note: string): string =>
  problems.length === 0 ? note : `✕ ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;

const timeoutNote = ({ timeout }: JsonObject, standard: number | undefined): string => {
  if (timeout !== undefined) return typeof timeout === 'number' ? formatDuration(timeout) : String(timeout);
  return standard === undefined ? 'none' : `${formatDuration(standard)} by default`;
};

function Folds(props: PanelProps) {
  const { step, catalog, problems, isReadOnly, onChange, scope } = props;
  const isAction = typeOf(step) === 'action';
  const action = actionOf(catalog, actionTypeOf(step));
  const handling = isObject(step.errorHandling) ? step.errorHandling : {};
  const strategy = STRATEGIES[String(handling.strategy ?? 'fail')]?.title ?? String(handling.strategy);
  const at = (key: string) => problemsUnder(problems, [key]);
  const inUndo = problemsUnder(problems, ['errorHandling', 'undo']);
  const inHandling = at('errorHandling').filter(({ path }) => !path.startsWith('undo'));
  return (
    <div>
      {isAction && (
        <Fold
          title="Retry"
          note={countNote(at('retryPolicy'), retryText(policyOf(action?.retry, step.retryPolicy)))}
          isOpenFirst={at('retryPolicy').length > 0}
        >
          <RetryPanel {...props} />
        </Fold>
      )}
      <Fold
        title="Timeout"
        note={countNote(at('timeout'), timeoutNote(step, isAction ? action?.timeout : undefined))}
        isOpenFirst={at('timeout').length > 0}
      >
        <TimeoutPanel {...props} />
      </Fold>
      <Fold title="On error" note={countNote(inHandling, strategy)} isOpenFirst={inHandling.length > 0}>
        <ErrorPanel {...props} />
      </Fold>
      <Fold title="Undo" note={countNote(inUndo, undoNote(step, catalog))} isOpenFirst={inUndo.length > 0}>
        <UndoPanel {...props} />
      </Fold>
      <Fold title="Join" note={step.join === 'any' ? 'any edge' : 'all edges'}>
        <JoinPanel {...props} />
      </Fold>
      <Fold
        title="Notes"
        note={typeof step.description === 'string' ? step.description.slice(0, 80) : 'none'}
      >
        <SchemaForm
          {...{ scope, isReadOnly, onChange }}
          schema={NOTES}
          isFixed
          isFlat
          value={step.description === undefined ? {} : { description: step.description }}
          problems={[]}
        />
      </Fold>
    </div>
  );
}

const SHOWN_ELSEWHERE = ['action', 'config', 'retryPolicy', 'timeout', 'errorHandling'];

/** Everything about one step: what it is, what it is given, and what happens around it. */
export function StepPanel(props: StepPanelProps) {
  const { id, step, catalog, problems, isReadOnly, onRename, onRenameId, onTry } = props;
  const edit = useMemo(() => editsOf(step, props.onChange), [step, props.onChange]);
  const type = typeOf(step);
  const action = actionOf(catalog, actionTypeOf(step));
  const kind = catalog.steps.find((candidate) => candidate.type === type);
  const panel: PanelProps = { ...props, onChange: edit };
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
      </div>
      {step.disabled === true && (
        <Text size="sm" c="var(--house-muted)">
          It is passed through: skipped, its success edges followed.
        </Text>
      )}
      <ProblemList problems={problemsElsewhere(problems, SHOWN_ELSEWHERE)} />
      {type === 'action' ? <Parameters {...panel} /> : <Config {...panel} />}
      <Folds {...panel} />
    </div>
  );
}
