import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { Suspense, useState } from 'react';
import type { Path, Problem } from '#shared/definition/problem.ts';
import { durationOf } from '#shared/duration.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { late } from '#ui/kit/late.ts';
import classes from './config.module.css';
import { readCron } from './cron.ts';
import { CronBuilder } from './cron-builder.tsx';
import type { FieldHints } from './form-context.ts';
import { ProblemList } from './problem-list.tsx';
import { problemsElsewhere } from './problems-at.ts';
import { SchemaForm } from './schema-form.tsx';

/** What puts a cron expression into words weighs as much as all of the panel. */
const NextRuns = late(async () => (await import('./next-runs.tsx')).NextRuns);

/** Every time zone there is, UTC first. */
const zones = (): string[] => [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

const OVERLAP: Record<string, string> = {
  skip: 'Skip: while an execution runs, the next start is left out.',
  queue_one: 'Queue one: one start waits until the execution has ended.',
  queue_all: 'Queue all: every start waits for its turn.',
  cancel_running: 'Cancel: the execution that runs is cancelled, and the next one starts.',
  allow: 'Allow: executions run side by side.',
};

/** The rest of the schedule, as its schema says. */
const HINTS: FieldHints = {
  cron: { as: 'hidden' },
  every: { as: 'hidden' },
  timezone: { as: 'hidden' },
  overlap: { as: 'hidden' },
  catchup: { as: 'duration', label: 'Catch up' },
  jitter: { as: 'duration', description: 'Each start is put off by a random time up to this' },
};

export interface TriggerFormProps {
  schema: JsonObject;
  config: JsonObject;
  scope: ScopeInfo;
  /** With paths relative to the config. */
  problems: readonly Problem[];
  isReadOnly: boolean;
  /** With paths relative to the config; the empty path is all of it. */
  onChange(path: Path, value: Json | undefined): void;
}

const textOf = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : String(value);

/** When a schedule fires: at times put together or written as cron, or at an interval; and what happens around it. */
export function ScheduleForm({ schema, config, scope, problems, isReadOnly, onChange }: TriggerFormProps) {
  const isInterval = config.every !== undefined;
  const cron = textOf(config.cron);
  const timezone = typeof config.timezone === 'string' ? config.timezone : 'UTC';
  const overlap = typeof config.overlap === 'string' ? config.overlap : 'skip';
  const [isRaw, setRaw] = useState(() => cron !== '' && readCron(cron).every === 'custom');
  const choose = (kind: string): void => {
    const { cron: _cron, every: _every, ...rest } = config;
    onChange([], kind === 'interval' ? { every: '15m', ...rest } : { cron: '0 9 * * *', ...rest });
  };
  const isWrong = isInterval && (durationOf(config.every ?? '') ?? 0) < 1_000;
  return (
    <>
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label="Kind of schedule"
        readOnly={isReadOnly}
        data={[
          { value: 'times', label: 'At times' },
          { value: 'interval', label: 'At an interval' },
        ]}
        value={isInterval ? 'interval' : 'times'}
        onChange={choose}
      />
      {isInterval ? (
        <TextInput
          label="Every"
          w={180}
          value={textOf(config.every)}
          placeholder="15m"
          readOnly={isReadOnly}
          error={isWrong ? 'An interval is a duration of at least 1s, such as 15m.' : false}
          onChange={(event) => onChange(['every'], event.currentTarget.value)}
        />
      ) : (
        <>
          <CronBuilder
            {...{ cron, isRaw, isReadOnly }}
            onRaw={setRaw}
            onChange={(next) => onChange(['cron'], next)}
          />
          <Suspense fallback={<div className={classes.nextRuns} />}>
            <NextRuns cron={cron} timezone={timezone} />
          </Suspense>
        </>
      )}
      <Select
        label="Time zone"
        searchable
        limit={80}
        readOnly={isReadOnly}
        data={zones()}
        value={timezone}
        onChange={(next) => onChange(['timezone'], next === 'UTC' ? undefined : (next ?? undefined))}
      />
      <Select
        label="When the last execution still runs"
        allowDeselect={false}
        readOnly={isReadOnly}
        data={Object.entries(OVERLAP).map(([value, text]) => ({ value, label: text.split(':')[0] ?? value }))}
        value={overlap}
        description={OVERLAP[overlap]}
        onChange={(next) => onChange(['overlap'], next === 'skip' ? undefined : (next ?? undefined))}
      />
      <ProblemList problems={problemsElsewhere(problems, ['catchup', 'jitter', ''])} />
      <SchemaForm
        {...{ schema, scope, isReadOnly, onChange }}
        isFixed
        value={config}
        problems={problems}
        fieldHints={HINTS}
      />
    </>
  );
}
