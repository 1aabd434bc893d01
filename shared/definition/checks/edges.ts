import { didYouMean } from '../../suggest.ts';
import { inOrder } from '../graph.ts';
import type { Path, Problem } from '../problem.ts';
import { type ListPlace, lists } from '../walk.ts';
import type { Step } from '../workflow.ts';
import { type Check, problemAt, type Subject } from './check.ts';

function targets(subject: Subject, list: ListPlace, everyId: Set<string>): Problem[] {
  const ids = new Set(list.steps.map(({ id }) => id));
  return list.steps.flatMap((step, position) =>
    step.connections.outputs.flatMap(({ targetStepId }, edge) => {
      const path: Path = [...list.path, position, 'connections', 'outputs', edge, 'targetStepId'];
      if (targetStepId === step.id)
        return [
          problemAt(subject, path, {
            code: 'edge.self',
            message: `Step "${step.id}" leads to itself.`,
            fix: 'Use a loop step to repeat.',
          }),
        ];
      if (ids.has(targetStepId)) return [];
      if (everyId.has(targetStepId)) {
        const message = `Step "${step.id}" leads to "${targetStepId}", which stands in another list of steps.`;
        return [
          problemAt(subject, path, {
            code: 'edge.crosses_lists',
            message,
            fix: 'Edges stay within one list: lead to the loop or parallel step that holds it.',
          }),
        ];
      }
      const message = `Step "${step.id}" leads to "${targetStepId}", which does not exist.`;
      return [
        problemAt(subject, path, {
          code: 'edge.unknown_target',
          message,
          fix: didYouMean(targetStepId, ids) ?? 'Name the id of a step of the same list.',
        }),
      ];
    }),
  );
}

function cycles(subject: Subject, list: ListPlace): Problem[] {
  const { cycle } = inOrder(list.steps);
  if (!cycle || cycle.length === 2) return []; // A step that leads to itself is told of already.
  const position = list.steps.findIndex(({ id }) => id === cycle[0]);
  const message = `The steps ${cycle.join(' → ')} form a cycle, so none of them could ever start.`;
  return [
    problemAt(subject, [...list.path, position], {
      code: 'graph.cycle',
      message,
      fix: 'Remove one of these edges; use a loop step to repeat.',
    }),
  ];
}

/** `inputs` is derived from the outputs; where it is written out, it must say the same. */
function inputs(subject: Subject, list: ListPlace): Problem[] {
  const sources = valueAt(subject.source.value, list.path);
  return list.steps.flatMap((step, position) => {
    const written = valueAt(sources, [position, 'connections', 'inputs']);
    if (!Array.isArray(written)) return [];
    return written.flatMap((id, index) =>
      isInput(step, id)
        ? []
        : [mismatch(subject, [...list.path, position, 'connections', 'inputs', index], step, String(id))],
    );
  });
}

const isInput = (step: Step, id: unknown): boolean => step.connections.inputs.includes(String(id));

const mismatch = (subject: Subject, path: Path, step: Step, id: string): Problem =>
  problemAt(subject, path, {
    code: 'edge.input_mismatch',
    message: `Step "${step.id}" names "${id}" as an input, but no edge of "${id}" leads to it.`,
    fix: `Add { targetStepId: ${step.id} } to the outputs of "${id}", or leave inputs out.`,
  });

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);

/** Edges lead to steps of their own list, and nowhere in circles. */
export const checkEdges: Check = (subject) => {
  const all = [...lists(subject.workflow)];
  const everyId = new Set(all.flatMap(({ steps }) => steps.map(({ id }) => id)));
  return all.flatMap((list) => [
    ...targets(subject, list, everyId),
    ...cycles(subject, list),
    ...inputs(subject, list),
  ]);
};
