import { SegmentedControl, Text } from '@mantine/core';
import { memo, useMemo } from 'react';
import { formatDuration } from '#shared/duration.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { actionOf } from './catalog-view.ts';
import { ErrorPanel, type PanelProps, STRATEGIES, UndoPanel, undoNote } from './error-panel.tsx';
import { Fold } from './fold.tsx';
import { problemsUnder } from './problems-at.ts';
import { policyOf, retrySchema, retryText } from './retry.ts';
import { SchemaForm } from './schema-form.tsx';
import { actionTypeOf, typeOf } from './step-parts.ts';

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

/** What happens around a step, each part folded: retry, timeout, errors, undo, join, notes. */
export const StepFolds = memo(function StepFolds(props: PanelProps) {
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
});
