import { Skeleton } from '@mantine/core';
import { Suspense, useEffect, useMemo } from 'react';
import type { Path, Problem } from '#shared/definition/problem.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { late, whenIdle } from '#ui/kit/late.ts';
import type { CatalogView } from './catalog-view.ts';
import { change } from './change.ts';
import { TriggerList } from './trigger-list.tsx';

const VariableList = late(async () => (await import('./variable-list.tsx')).VariableList);
const WorkflowSettings = late(async () => (await import('./workflow-settings.tsx')).WorkflowSettings);

export interface SectionProps {
  /** The definition as it is written. */
  definition: JsonObject;
  catalog: CatalogView;
  scope: ScopeInfo;
  /** With paths from the definition's beginning. */
  problems: readonly Problem[];
  isReadOnly: boolean;
  onChange(path: Path, value: Json | undefined): void;
}

export interface WorkflowPanelProps extends SectionProps {
  section: 'triggers' | 'variables' | 'settings';
}

/** How many levels stay when nothing is left in them: a trigger keeps its config. */
const KEPT: Partial<Record<string, number>> = { triggers: 3, variables: 2 };

/** What belongs to the whole workflow: its triggers, its variables, or its settings. */
export function WorkflowPanel({ section, ...props }: WorkflowPanelProps) {
  const { definition, onChange } = props;
  const edit = useMemo(
    () => (path: Path, value: Json | undefined) => {
      const next = change(definition, path, value, KEPT[String(path[0])] ?? 0);
      onChange(next.path, next.value);
    },
    [definition, onChange],
  );
  useEffect(() => whenIdle([VariableList.prefetch, WorkflowSettings.prefetch]), []);
  if (section === 'triggers') return <TriggerList {...props} onChange={edit} />;
  const Section = section === 'variables' ? VariableList : WorkflowSettings;
  return (
    <Suspense fallback={<Skeleton h={240} />}>
      <Section {...props} onChange={edit} />
    </Suspense>
  );
}
