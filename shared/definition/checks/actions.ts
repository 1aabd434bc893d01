import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { isTemplate } from '../../expression/index.ts';
import type { Json, JsonObject } from '../../json.ts';
import { findStepType } from '../../steps/index.ts';
import { didYouMean } from '../../suggest.ts';
import { formatPath, type Path, type Problem } from '../problem.ts';
import { allSteps } from '../walk.ts';
import { type Check, problemAt, type Subject } from './check.ts';

interface Parameters {
  action: { type: string; parameters: JsonObject };
  path: Path;
  /** A tool: its action stands under another key, and a model adds what parameters are missing. */
  isTool?: boolean;
}

function* uses(subject: Subject): Generator<Parameters> {
  for (const { step, path } of allSteps(subject.workflow)) {
    if (step.action) yield { action: step.action, path: [...path, 'action'] };
    const { undo } = step.errorHandling;
    if (undo) yield { action: undo.action, path: [...path, 'errorHandling', 'undo', 'action'] };
    const tools = findStepType(step.type)?.tools?.(step.config) ?? [];
    for (const [position, { action: type, parameters = {} }] of tools.entries())
      if (type !== undefined)
        yield { action: { type, parameters }, path: [...path, 'config', 'tools', position], isTool: true };
  }
}

const schemas = new WeakMap<Catalog, Map<string, z.ZodType>>();

/** The schema of an action's parameters, made once per catalogue. */
function schemaOf(catalog: Catalog, type: string): z.ZodType | undefined {
  const known = schemas.get(catalog) ?? new Map<string, z.ZodType>();
  schemas.set(catalog, known);
  const action = catalog.actions.find((candidate) => candidate.type === type);
  if (!action) return undefined;
  const schema = known.get(type) ?? z.fromJSONSchema(action.input as never);
  known.set(type, schema);
  return schema;
}

const valueAt = (value: Json, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);

/** Whether what stands at a path, or around it, is only known once its expressions are filled in. */
function isOpen(parameters: JsonObject, path: Path): boolean {
  return path.some((_, length) => {
    const value = valueAt(parameters, path.slice(0, length + 1));
    return typeof value === 'string' && isTemplate(value);
  });
}

function unknownAction(subject: Subject, catalog: Catalog, { action, path, isTool }: Parameters): Problem {
  const known = catalog.actions.map(({ type }) => type);
  const fix =
    didYouMean(action.type, known) ??
    `The library has ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}.`;
  return problemAt(subject, [...path, isTool ? 'action' : 'type'], {
    code: 'action.unknown',
    message: `There is no action "${action.type}".`,
    fix,
  });
}

function parameterProblems(
  subject: Subject,
  schema: z.ZodType,
  { action, path, isTool }: Parameters,
): Problem[] {
  const parsed = schema.safeParse(action.parameters);
  if (parsed.success) return [];
  const known = Object.keys('shape' in schema ? (schema.shape as object) : {});
  return parsed.error.issues.flatMap((issue) => {
    const inner = issue.path as Path;
    if (isOpen(action.parameters, inner)) return [];
    const here = [...path, 'parameters', ...inner];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        ...problemAt(subject, here, {
          code: 'action.unknown_parameter',
          message: `"${action.type}" has no parameter "${key}".`,
          fix: didYouMean(key, known) ?? `It has ${known.join(', ')}.`,
        }),
        path: formatPath([...here, key]),
        ...subject.source.locateKey([...here, key]),
      }));
    const isMissing = valueAt(action.parameters, inner) === undefined;
    if (isMissing && isTool) return [];
    const name = formatPath(inner);
    const message = isMissing
      ? `"${action.type}" needs the parameter "${name}".`
      : `Parameter "${name}" of "${action.type}": ${issue.message}.`;
    return [
      problemAt(subject, here, {
        code: isMissing ? 'action.missing_parameter' : 'action.invalid_parameter',
        message,
        fix: `See the parameters of ${action.type} in the action library.`,
      }),
    ];
  });
}

const holdsTemplate = (value: Json | undefined): boolean => {
  if (typeof value === 'string') return isTemplate(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
};

function literalProblems(subject: Subject, catalog: Catalog, { action, path }: Parameters): Problem[] {
  const { literal = [] } = catalog.actions.find(({ type }) => type === action.type) ?? {};
  return literal
    .filter((name) => Object.hasOwn(action.parameters, name) && holdsTemplate(action.parameters[name]))
    .map((name) =>
      problemAt(subject, [...path, 'parameters', name], {
        code: 'action.literal_parameter',
        message: `Parameter "${name}" of "${action.type}" is code and may not hold {{ }}.`,
        fix: 'Give values by the other parameters of the action, such as input, env or args. In code, write { { with a space.',
      }),
    );
}

/** Actions exist, and take the parameters they are given, as far as these are known before the run. */
export const checkActions: Check = (subject) => {
  const { catalog } = subject;
  if (!catalog) return [];
  return [...uses(subject)].flatMap((use) => {
    const schema = schemaOf(catalog, use.action.type);
    if (!schema) return [unknownAction(subject, catalog, use)];
    return [...parameterProblems(subject, schema, use), ...literalProblems(subject, catalog, use)];
  });
};
