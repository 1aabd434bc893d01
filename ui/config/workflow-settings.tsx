import { TagsInput, Text } from '@mantine/core';
import { useMemo } from 'react';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import classes from './config.module.css';
import { Fold } from './fold.tsx';
import type { FieldHints } from './form-context.ts';
import { problemsElsewhere, problemsUnder } from './problems-at.ts';
import { policyOf, retrySchema, retryText } from './retry.ts';
import { SchemaForm } from './schema-form.tsx';
import type { SectionProps } from './workflow-panel.tsx';

const GENERAL: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    description: { type: 'string', description: 'What the workflow is for' },
    author: { type: 'string' },
  },
  required: ['name'],
};

const RUNNING: JsonObject = {
  type: 'object',
  properties: {
    timeout: {
      format: 'duration',
      type: ['number', 'string'],
      description: 'Longest time an execution may take; none unless set',
    },
    onFailure: {
      type: 'string',
      enum: ['fail', 'park'],
      default: 'fail',
      description:
        'What a failure does that no edge and no step handles: it fails the execution, or parks it for a person',
    },
  },
};

const OUTPUT: JsonObject = {
  type: 'object',
  properties: {
    output: { description: 'What an execution gives; the output of the last step unless set' },
  },
};

const OUTPUT_HINTS: FieldHints = { output: { placeholder: '{{ steps.last.output }}' } };

const only = (definition: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name) => (definition[name] === undefined ? [] : [[name, definition[name]]])),
  );

function Tags({ definition, isReadOnly, onChange }: SectionProps) {
  const { tags } = isObject(definition.metadata) ? definition.metadata : {};
  const list = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  return (
    <TagsInput
      label="Tags"
      placeholder={list.length === 0 ? 'Type a tag and press Enter' : ''}
      readOnly={isReadOnly}
      maxTags={50}
      value={list}
      onChange={(next) => onChange(['metadata', 'tags'], next.length === 0 ? undefined : next)}
    />
  );
}

/** What the workflow is called, how its executions run, and what they give. */
export function WorkflowSettings(props: SectionProps) {
  const { definition, scope, problems, isReadOnly, onChange } = props;
  const settings = isObject(definition.settings) ? definition.settings : {};
  const retry = useMemo(() => retrySchema(policyOf()), []);
  const inSettings = problemsUnder(problems, ['settings']);
  const shared = { scope, isReadOnly };
  const put = (prefix: readonly string[]) => (path: readonly (string | number)[], value: Json | undefined) =>
    onChange([...prefix, ...path], value);
  return (
    <div className={classes.panel}>
      <SchemaForm
        {...shared}
        schema={GENERAL}
        value={only(definition, ['name', 'description', 'author'])}
        problems={problems.filter(({ path }) => /^(name|description|author)$/.test(path))}
        isFixed
        isFlat
        onChange={put([])}
      />
      <Tags {...props} />
      <SchemaForm
        {...shared}
        schema={RUNNING}
        value={only(settings, ['timeout', 'onFailure'])}
        problems={problemsElsewhere(inSettings, ['retry'])}
        isFixed
        isFlat
        onChange={put(['settings'])}
      />
      <Fold title="Retry by default" note={retryText(policyOf(settings.retry))}>
        <Text size="sm" c="var(--house-muted)">
          Of every action step that has no retry of its own; each action has defaults besides.
        </Text>
        <SchemaForm
          {...shared}
          schema={retry}
          value={settings.retry ?? {}}
          problems={problemsUnder(inSettings, ['retry'])}
          isFixed
          isFlat
          onChange={put(['settings', 'retry'])}
        />
      </Fold>
      <SchemaForm
        {...shared}
        schema={OUTPUT}
        value={only(definition, ['output'])}
        problems={problems.filter(({ path }) => path === 'output' || path.startsWith('output.'))}
        fieldHints={OUTPUT_HINTS}
        isFlat
        onChange={put([])}
      />
    </div>
  );
}
