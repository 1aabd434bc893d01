import { Box } from '@mantine/core';
import { useCallback, useDeferredValue, useMemo } from 'react';
import type { Path } from '#shared/definition/problem.ts';
import type { Json } from '#shared/json.ts';
import { StepPanel } from '#ui/config/step-panel.tsx';
import { idRefusal, renameId } from '#ui/document/ids.ts';
import type { StepPlace } from '#ui/document/outline.ts';
import { setField } from '#ui/document/steps.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { tellError } from '#ui/kit/toast.ts';
import { LeadsTo } from './edge-panel.tsx';
import type { InspectorProps } from './inspector.tsx';
import { type PlacedProblem, useDefinition, useEditing } from './store.ts';

/** A problem's path as the step itself sees it: `steps[2].action.type` → `action.type`. */
function within(problem: PlacedProblem, place: StepPlace): PlacedProblem {
  const prefix = place.path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
  return {
    ...problem,
    path: problem.path.startsWith(prefix) ? problem.path.slice(prefix.length + 1) : problem.path,
  };
}

export interface StepSideProps extends InspectorProps {
  place: StepPlace;
  scope: ScopeInfo;
}

/** Everything about the selected step, and where it leads. */
export function StepSide({ place, scope, known, onTry, onRunUntil }: StepSideProps) {
  const edit = useEditing((state) => state.edit);
  const select = useEditing((state) => state.select);
  const problems = useEditing((state) => state.problems);
  // Its edges, and all steps it could lead to, may be a frame older than what is typed.
  const settled = useDeferredValue(place);
  const definition = useDefinition();
  const own = useMemo(
    () => problems.filter(({ step }) => step === place.id).map((problem) => within(problem, place)),
    [problems, place],
  );
  const onChange = useCallback(
    (path: Path, value: Json | undefined) =>
      edit((before) => setField(before, place.id, path, value), `${place.id} ${path.join('.')}`),
    [edit, place.id],
  );
  if (!known.catalog) return null;
  const onRenameId = (wished: string): void => {
    const refused = idRefusal(definition, place.id, wished);
    if (refused !== undefined) {
      tellError('The id stays as it is', new Error(refused));
      return;
    }
    edit((before) => renameId(before, place.id, wished));
    select([wished]);
  };
  return (
    <>
      <Box p="md">
        <StepPanel
          id={place.id}
          step={place.step}
          catalog={known.catalog}
          scope={scope}
          problems={own}
          isReadOnly={false}
          onChange={onChange}
          onRename={(name) =>
            edit((before) => setField(before, place.id, ['name'], name), `${place.id} name`)
          }
          onRenameId={onRenameId}
          onTry={() => onTry(place.id)}
          onRunUntil={() => onRunUntil(place.id)}
        />
      </Box>
      <LeadsTo place={settled} />
    </>
  );
}
