import type { z } from 'zod';
import { stepTypes } from '../steps/index.ts';
import { didYouMean } from '../suggest.ts';
import { triggerTypes } from '../triggers/index.ts';
import { formatPath, type Path, type Problem } from './problem.ts';
import { MOST_PROBLEMS, type Source } from './source.ts';

type Issue = z.core.$ZodIssue;

/** Keys that stand somewhere in a definition, for "did you mean". */
const KEYS = [
  ...[
    'id',
    'name',
    'description',
    'version',
    'author',
    'enabled',
    'metadata',
    'tags',
    'triggers',
    'variables',
    'settings',
  ],
  ...[
    'steps',
    'finally',
    'output',
    'type',
    'action',
    'parameters',
    'config',
    'timeout',
    'retryPolicy',
    'errorHandling',
  ],
  ...[
    'connections',
    'inputs',
    'outputs',
    'targetStepId',
    'condition',
    'expression',
    'label',
    'join',
    'position',
    'disabled',
  ],
  ...[
    'maximumAttempts',
    'initialInterval',
    'backoffCoefficient',
    'maximumInterval',
    'nonRetryableErrors',
    'strategy',
  ],
  ...[
    'value',
    'values',
    'undo',
    'items',
    'times',
    'while',
    'concurrency',
    'maxIterations',
    'onItemError',
    'itemVariable',
  ],
  ...[
    'branches',
    'waitFor',
    'for',
    'until',
    'cron',
    'every',
    'timezone',
    'overlap',
    'catchup',
    'path',
    'events',
    'pattern',
  ],
  ...['default', 'required', 'retry', 'onFailure', 'ignored', 'dotfiles', 'settle', 'jitter'],
];

function unknownKeys(issue: Extract<Issue, { code: 'unrecognized_keys' }>, source: Source): Problem[] {
  return issue.keys.slice(0, MOST_PROBLEMS).map((key) => {
    const path = [...issue.path, key] as Path;
    const fix = KEYS.includes(key)
      ? 'It belongs elsewhere in a definition: move it there, or remove it.'
      : (didYouMean(key, KEYS) ?? 'Remove it.');
    return {
      code: 'schema.unknown_key',
      message: `"${key}" does not belong here.`,
      path: formatPath(path),
      ...source.locateKey(path),
      fix,
    };
  });
}

function badType(path: Path, value: unknown, source: Source): Problem {
  const isTrigger = path[0] === 'triggers';
  const kind = isTrigger ? 'trigger' : 'step';
  const known = (isTrigger ? triggerTypes : stepTypes).map(({ type }) => type);
  const at = { path: formatPath(path), ...source.locate(path) };
  const fix = (typeof value === 'string' && didYouMean(value, known)) || `Use one of ${known.join(', ')}.`;
  if (value === undefined)
    return { code: 'schema.missing', message: `This ${kind} has no type.`, ...at, fix };
  return {
    code: `${kind}.unknown_type`,
    message: `There is no ${kind} type ${JSON.stringify(value)}.`,
    ...at,
    fix,
  };
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);

/** Of a union that fits nowhere, the branch that came nearest: whose issues lie deepest. */
function nearestBranch(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] {
  const depth = (issues: Issue[]): number => Math.min(...issues.map(({ path }) => path.length));
  return [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

function problemsOf(issue: Issue, source: Source): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, source);
  if (issue.code === 'invalid_union') {
    if ('discriminator' in issue || issue.errors.length === 0) {
      const typePath = path.at(-1) === 'type' ? path : [...path, 'type'];
      return [badType(typePath, valueAt(source.value, typePath), source)];
    }
    return nearestBranch(issue).flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, source),
    );
  }
  const isMissing = valueAt(source.value, path) === undefined;
  const at = { path: formatPath(path), ...source.locate(path) };
  if (isMissing && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return [
      { code: 'schema.missing', message: `"${path.at(-1)}" is missing.`, ...at, fix: `Add ${path.at(-1)}.` },
    ];
  return [
    { code: 'schema.invalid', message: `${formatPath(path) || 'The definition'}: ${issue.message}`, ...at },
  ];
}

/** What the schema has against a definition, as problems with positions. */
export const schemaProblems = (error: z.ZodError, source: Source): Problem[] =>
  error.issues.slice(0, MOST_PROBLEMS).flatMap((issue) => problemsOf(issue, source));
