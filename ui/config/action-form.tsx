import { Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Path, Problem } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { actionHints, commandOf } from './action-hints.tsx';
import { actionOf, type CatalogView } from './catalog-view.ts';
import { problemsUnder } from './problems-at.ts';
import { SchemaForm } from './schema-form.tsx';

const ANYTHING: JsonObject = {};

/** The parameters of an action, as its schema says; of a plugin's command, its arguments too. */
export function ActionForm({
  catalog,
  type,
  parameters,
  scope,
  problems,
  isReadOnly,
  onChange,
}: {
  catalog: CatalogView;
  type: string;
  parameters: Json | undefined;
  scope: ScopeInfo;
  /** With paths relative to the parameters. */
  problems: readonly Problem[];
  isReadOnly: boolean;
  /** With paths relative to the parameters. */
  onChange(path: Path, value: Json | undefined): void;
}) {
  const action = actionOf(catalog, type);
  const given = isObject(parameters) ? parameters : ANYTHING;
  const hints = useMemo(() => actionHints(catalog, type, given), [catalog, type, given]);
  const command = type === 'plugin.execute' ? commandOf(catalog, given) : undefined;
  const isObjectForm = command !== undefined && !Array.isArray(given.arguments);
  const shared = { scope, isReadOnly };
  return (
    <>
      <SchemaForm
        key={type}
        {...shared}
        schema={action?.input ?? ANYTHING}
        value={action ? given : parameters}
        problems={problems}
        fieldHints={hints}
        onChange={onChange}
      />
      {command && isObjectForm && (
        <>
          <Text size="sm" fw={500} className="inert">
            {command.title || command.name}
          </Text>
          {command.description !== '' && (
            <Text size="xs" c="var(--house-muted)" lineClamp={4} className="inert">
              {command.description}
            </Text>
          )}
          <SchemaForm
            key={`${String(given.pluginId)} ${command.name}`}
            {...shared}
            schema={command.inputSchema}
            value={given.arguments ?? ANYTHING}
            problems={problemsUnder(problems, ['arguments'])}
            onChange={(path, value) => onChange(['arguments', ...path], value)}
          />
        </>
      )}
    </>
  );
}
