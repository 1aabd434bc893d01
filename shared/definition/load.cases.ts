import type { Catalog } from '../catalog/catalog.ts';

/** A small library of actions. */
export const CATALOG: Catalog = {
  actions: [
    {
      type: 'file.read',
      group: 'file',
      title: 'Read a file',
      description: 'Reads a file.',
      icon: 'file',
      input: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          encoding: { enum: ['utf8', 'base64'] },
          limit: { type: 'integer' },
          lines: { type: 'array', items: { type: 'number' } },
        },
        required: ['path'],
        additionalProperties: false,
      },
      output: {},
      effect: 'read',
      idempotent: true,
      timeout: 1_000,
      retry: {},
      examples: [],
    },
  ],
};

/** A definition with one list of steps; `rest` stands before them. */
const flow = (steps: string, rest = ''): string =>
  `name: N\n${rest}steps:\n${steps.trim().replace(/^/gm, '  ')}\n`;

const SET = '- { id: s, type: set, config: { values: {} } }';
const plain = (rest: string): string => flow(SET, rest.endsWith('\n') ? rest : `${rest}\n`);
const value = (text: string): string =>
  flow(
    `- { id: a, type: set, config: { values: {} } }\n- { id: b, type: set, config: { values: { v: ${text} } } }`,
  );
const action = (text: string): string => flow(`- { id: a, type: action, action: ${text} }`);
const loop = (text: string): string =>
  flow(
    `- id: each\n  type: loop\n  config:\n    ${text}\n    steps: [{ id: x, type: set, config: { values: {} } }]`,
  );
const edges = (text: string): string =>
  flow(
    `- { id: one, type: set, config: { values: {} }, connections: { ${text} } }\n- { id: two, type: set, config: { values: {} } }`,
  );
const trigger = (text: string): string => plain(`triggers:\n  - ${text}`);

/** Definitions with nothing wrong. */
export const VALID: [string, string][] = [
  ['one step', plain('')],
  ['JSON', '{"name": "N", "steps": [{"type": "set", "config": {"values": {}}}]}'],
  [
    'every field at the top',
    plain(
      'id: a-b_C9\ndescription: d\nversion: 1.0.0\ncreated: x\nupdated: y\nauthor: me\nenabled: false\nmetadata: { tags: [a], anything: 1 }\nsettings: { timeout: 1h, retry: { maximumAttempts: 2 }, onFailure: park }\noutput: 5',
    ),
  ],
  ['a version that is a number', plain('version: 2')],
  ['a document with a marker and comments', `# hello\n---\n${plain('')}# bye\n`],
  ['Windows line ends', plain('').replaceAll('\n', '\r\n')],
  [
    'an alias',
    flow(
      '- { id: a, type: set, config: { values: &v { x: 1 } } }\n- { id: b, type: set, config: { values: *v } }',
    ),
  ],
  ['step without id or name', flow('- { type: set, config: { values: {} } }')],
  [
    'an action with everything',
    flow(
      '- id: a\n  name: A\n  type: action\n  description: d\n  action: { type: x.y, provider: p, parameters: { a: 1 }, parameterSchema: {} }\n  timeout: 500ms\n  retryPolicy: { maximumAttempts: 1, initialInterval: 1s, backoffCoefficient: 1.5, maximumInterval: 2d, nonRetryableErrors: [e] }\n  errorHandling: { strategy: continue, undo: { action: { type: x.z } } }\n  join: any\n  disabled: true\n  position: { x: 1, y: -2.5 }',
    ),
  ],
  ['an action with an empty config', flow('- { type: action, action: { type: x }, config: {} }')],
  [
    'edges of every kind',
    edges(
      "outputs: [{ targetStepId: two }, { targetStepId: two, condition: { type: failure }, label: l }, { targetStepId: two, condition: { type: expression, expression: 'output.n > error.x || status' } }, { targetStepId: two, condition: { type: otherwise } }, { targetStepId: two, condition: { type: always } }]",
    ),
  ],
  [
    'inputs that agree with the outputs',
    flow(
      '- { id: a, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: b }] } }\n- { id: b, type: set, config: { values: {} }, connections: { inputs: [a] } }',
    ),
  ],
  ['a loop over items', loop('items: [1, 2]')],
  ['a loop over an expression', loop('items: "{{ trigger.files }}"')],
  [
    'a loop with everything',
    loop(
      'times: 3\n    concurrency: 2\n    maxIterations: 5\n    onItemError: continue\n    itemVariable: file',
    ),
  ],
  ['a while that sees inside, index and output', loop('while: steps.x.output.n < 3 || index < 2 || output')],
  [
    'a parallel step',
    flow(
      '- { id: p, type: parallel, config: { waitFor: 1, branches: [{ id: l, name: L, steps: [{ type: set, config: { values: {} } }] }] } }',
    ),
  ],
  ['a delay for a time', flow('- { type: delay, config: { for: 30s } }')],
  ['a delay for a template', flow('- { type: delay, config: { for: "{{ trigger.wait }}" } }')],
  ['a delay until', flow('- { type: delay, config: { until: "{{ trigger.at }}" } }')],
  [
    'a condition with and without braces',
    flow(
      '- { type: condition, config: { expression: "{{ 1 < 2 }}" } }\n- { type: condition, config: { expression: 1 < 2 } }',
    ),
  ],
  [
    'braces in a text of a condition',
    flow(`- { type: condition, config: { expression: "trigger.text == '{{'" } }`),
  ],
  [
    'a schedule by cron',
    trigger(
      '{ type: schedule, config: { cron: "0 9 * * 1-5", timezone: Europe/Berlin, overlap: queue_one, catchup: 1h, jitter: 5s } }',
    ),
  ],
  ['a schedule by name', trigger('{ type: schedule, config: { cron: "@daily" } }')],
  ['a schedule by interval', trigger('{ type: schedule, config: { every: 5m } }')],
  [
    'a file trigger',
    trigger(
      '{ id: f, type: file_change, enabled: false, config: { path: "src/**", events: [add, unlink], pattern: "*.ts", ignored: [x], dotfiles: true, settle: 0 } }',
    ),
  ],
  ['a manual trigger', trigger('{ type: manual }')],
  [
    'variables of every type',
    plain(
      'variables:\n  - { name: a, type: string, default: x }\n  - { name: _b, type: number, default: 1 }\n  - { name: c, type: boolean, default: false }\n  - { name: d, type: object, default: {} }\n  - { name: e, type: array, default: [] }\n  - { name: f, required: true, description: d }',
    ),
  ],
  ['a reference backwards', value('"{{ steps.a.output }}"')],
  [
    'a reference to every field',
    value('"{{ [steps.a.status, steps.a.error, steps.a.startTime, steps.a.endTime] }}"'),
  ],
  [
    'references to what a run has',
    value('"{{ trigger.x }} {{ execution.id }} {{ workflow.name }} {{ secrets.KEY }}"'),
  ],
  ['all steps at once', value('"{{ keys(steps) }}"')],
  ['a name bound by an arrow', value('"{{ [1].map(x => x + 1) }}"')],
  [
    'what an undo and a fallback see',
    flow(
      '- { id: a, type: set, config: { values: {} }, errorHandling: { strategy: fallback, value: "{{ error.code }}{{ steps.a.status }}", undo: { action: { type: x, parameters: { p: "{{ steps.a.output }}" } } } } }',
    ),
  ],
  [
    'finally that sees everything',
    plain(
      'finally:\n  - { type: set, config: { values: { v: "{{ steps.s.status }}{{ execution.status }}" } } }',
    ),
  ],
  ['an output that sees everything', plain('output: "{{ steps.s.output }}"')],
  [
    'locals of loops in loops',
    flow(
      '- { id: o, type: loop, config: { times: 2, itemVariable: row, steps: [{ id: i, type: loop, config: { items: "{{ [row] }}", steps: [{ type: set, config: { values: { v: "{{ row + item + index }}" } } }] } }] } }',
    ),
  ],
  [
    'steps around a loop',
    flow(
      '- { id: a, type: set, config: { values: {} } }\n- { id: l, type: loop, config: { times: 2, steps: [{ type: set, config: { values: { v: "{{ steps.a.output }}" } } }] } }',
    ),
  ],
  [
    'a reference over a join',
    flow(
      '- { id: a, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: c }] } }\n- { id: c, type: set, config: { values: { v: "{{ steps.a.output }}" } } }',
    ),
  ],
  ['a good action', action('{ type: file.read, parameters: { path: x, encoding: utf8 } }')],
  [
    'templates that only the run can judge',
    action(
      '{ type: file.read, parameters: { path: "{{ trigger.p }}", encoding: "{{ trigger.e }}", limit: "{{ 1 }}", lines: "{{ [1] }}" } }',
    ),
  ],
  [
    'a derived id beside the same one written elsewhere',
    flow(
      '- { name: X, type: set, config: { values: {} } }\n- { type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: {} } }] } }',
    ),
  ],
  [
    'names that would make reserved ids',
    flow(
      '- { name: Finally, type: set, config: { values: {} } }\n- { name: Undo, type: set, config: { values: {} } }\n- { name: Constructor, type: set, config: { values: {} } }',
    ),
  ],
  ['a name in another script', plain('').replace('name: N', 'name: 日本')],
];

/**
 * Definitions with something wrong: the code, the text with `¦` where the problem is to be told, and what the
 * fix says.
 */
export const BROKEN: [string, string, string?][] = [
  // The text
  ['source.empty', '¦'],
  ['source.empty', '¦# only a comment\n'],
  ['source.empty', '¦   \n\n'],
  ['source.several', `¦${plain('')}---\n${plain('')}`, 'one at a time'],
  ['source.syntax', 'name: N\nsteps: [¦'],
  ['source.syntax', 'name: "N\nsteps: []\n¦'],
  ['source.syntax', 'name: N\n¦name: M\nsteps: []\n'],
  ['source.syntax', '{"name": "N", ¦"name": "M"}'],
  ['source.syntax', 'name: ¦!custom N\nsteps: []\n'],
  ['source.aliases', 'name: N\nx: ¦*nowhere\n', 'Write the values out'],
  ['source.syntax', 'name: N\n¦\tsteps: []\n'],
  ['source.forbidden_key', 'name: N\n¦__proto__: {}\n'],
  ['source.forbidden_key', flow('- { type: set, config: { values: { ¦constructor: 1 } } }'), 'Rename it'],
  ['source.forbidden_key', '{"name": "N", ¦"prototype": 1}'],
  ['source.too_deep', `name: N\nx: ${'['.repeat(64)}¦1${']'.repeat(64)}`],
  ['source.too_deep', `${'['.repeat(249)}¦${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['source.too_deep', `${'['.repeat(249)}¦${'['.repeat(200_000)}`],
  ['source.too_deep', `name: N\nx:\n  ${'- '.repeat(248)}¦${'- '.repeat(20_000)}1`],
  [
    'source.too_deep',
    `${Array.from({ length: 251 }, (_, n) => `${' '.repeat(n)}${n === 250 ? '¦' : ''}a:`).join('\n')}\n`,
  ],
  ['source.too_long', `¦name: ${'N'.repeat(1024 * 1024)}`, 'Split'],
  ['source.aliases', '¦name: &a [*a]\n', 'Write the values out'],
  [
    'source.aliases',
    `¦a: &a [1,1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e'].map((key, n) => `${key}: &${key} [${Array(10).fill(`*${'abcd'[n]}`).join(',')}]`).join('\n')}\n`,
  ],
  // The shape
  ['schema.invalid', '¦just text'],
  ['schema.invalid', '¦[]'],
  ['schema.missing', '¦steps: [{ type: set, config: { values: {} } }]', 'Add name.'],
  ['schema.missing', '¦name: N', 'Add steps.'],
  ['schema.invalid', 'name: N\nsteps: ¦[]'],
  ['schema.invalid', 'name: N\nsteps: ¦5'],
  ['schema.invalid', `name: ¦''\nsteps: [{ type: set, config: { values: {} } }]`],
  ['schema.invalid', `name: ¦7\nsteps: [{ type: set, config: { values: {} } }]`],
  ['schema.invalid', plain('id: ¦9a')],
  ['schema.invalid', plain('id: ¦a b')],
  ['schema.invalid', plain('enabled: ¦maybe')],
  ['schema.invalid', plain('metadata: { tags: ¦x }')],
  ['schema.unknown_key', plain('¦setings: {}'), 'did you mean "settings"?'],
  ['schema.unknown_key', plain('¦triggerz: []'), 'did you mean "triggers"?'],
  ['schema.unknown_key', plain('¦whatsoever: []'), 'Remove it.'],
  ['schema.unknown_key', plain('base: &b { x: 1 }').replace('base', '¦base')],
  [
    'schema.unknown_key',
    flow('- { type: set, config: { values: {} }, ¦timout: 5s }'),
    'did you mean "timeout"?',
  ],
  ['schema.unknown_key', flow('- { type: set, config: { values: {} }, ¦retryPolicy: {} }')],
  ['schema.unknown_key', flow('- { type: set, config: { values: {}, ¦vals: {} } }')],
  [
    'schema.unknown_key',
    flow('- { type: set, config: { values: {} }, ¦action: { type: x } }'),
    'It belongs elsewhere in a definition: move it there, or remove it.',
  ],
  ['schema.unknown_key', plain('settings: { ¦onFail: park }'), 'did you mean "onFailure"?'],
  ['schema.missing', flow('- ¦{ id: a }'), 'Use one of action'],
  ['step.unknown_type', flow('- { id: a, type: ¦acton }'), 'did you mean "action"?'],
  ['step.unknown_type', flow('- { id: a, type: ¦zzzzzz }'), 'Use one of action'],
  ['step.unknown_type', flow('- { id: a, type: ¦5 }'), 'Use one of action'],
  [
    'step.unknown_type',
    flow('- { type: loop, config: { times: 1, steps: [{ type: ¦conditon }] } }'),
    'did you mean "condition"?',
  ],
  ['schema.missing', flow('- ¦{ type: action }'), 'Add action.'],
  ['schema.missing', action('¦{}'), 'Add type.'],
  ['schema.missing', flow('- ¦{ type: set }'), 'Add config.'],
  ['schema.missing', flow('- { type: set, config: ¦{} }'), 'Add values.'],
  ['schema.missing', flow('- { type: condition, config: ¦{} }'), 'Add expression.'],
  ['schema.invalid', flow(`- { type: condition, config: { expression: ¦'' } }`)],
  ['schema.invalid', flow('- { type: condition, config: { expression: ¦true } }')],
  ['schema.invalid', flow('- { type: action, action: { type: x, parameters: ¦[] } }')],
  ['schema.invalid', flow('- { id: ¦1st, type: set, config: { values: {} } }')],
  ['schema.invalid', flow('- { id: ¦a.b, type: set, config: { values: {} } }')],
  ['schema.invalid', flow(`- { id: ¦${'a'.repeat(101)}, type: set, config: { values: {} } }`)],
  ['schema.invalid', flow('- { type: set, config: { values: {} }, join: ¦some }')],
  ['schema.invalid', flow('- { type: set, config: { values: {} }, disabled: ¦1 }')],
  ['schema.invalid', flow('- { type: set, config: { values: {} }, position: { x: ¦a, y: 1 } }')],
  ['schema.missing', flow('- { type: set, config: { values: {} }, position: ¦{ x: 1 } }'), 'Add y.'],
  // Durations
  ...['soon', '5 minutes', '-1', '4000d', '5y', '""', 'true', '[]'].map((text): [string, string] => [
    'schema.invalid',
    flow(`- { type: set, config: { values: {} }, timeout: ¦${text} }`),
  ]),
  ['schema.invalid', flow('- { type: delay, config: { for: ¦bananas } }')],
  ['schema.missing', flow('- { type: delay, config: ¦{} }')],
  ['schema.unknown_key', flow('- { type: delay, config: { for: 1s, ¦until: x } }')],
  ['schema.invalid', flow('- { type: action, action: { type: x }, retryPolicy: { initialInterval: ¦x } }')],
  ['schema.invalid', flow('- { type: action, action: { type: x }, retryPolicy: { maximumAttempts: ¦0 } }')],
  ['schema.invalid', flow('- { type: action, action: { type: x }, retryPolicy: { maximumAttempts: ¦1.5 } }')],
  [
    'schema.invalid',
    flow('- { type: action, action: { type: x }, retryPolicy: { backoffCoefficient: ¦0.5 } }'),
  ],
  ['schema.invalid', plain('settings: { timeout: ¦never }')],
  ['schema.invalid', plain('settings: { onFailure: ¦stop }')],
  // Error handling
  ['schema.invalid', flow('- { type: set, config: { values: {} }, errorHandling: { strategy: ¦ignore } }')],
  ['schema.invalid', flow('- { type: set, config: { values: {} }, errorHandling: ¦{ strategy: fallback } }')],
  ['schema.invalid', flow('- { type: set, config: { values: {} }, errorHandling: { value: ¦1 } }')],
  [
    'schema.missing',
    flow('- { type: set, config: { values: {} }, errorHandling: { undo: ¦{} } }'),
    'Add action.',
  ],
  // Loops and parallel steps
  ['schema.invalid', flow('- { type: loop, config: ¦{ steps: [{ type: set, config: { values: {} } }] } }')],
  [
    'schema.invalid',
    flow(
      '- { type: loop, config: ¦{ times: 1, items: [], steps: [{ type: set, config: { values: {} } }] } }',
    ),
  ],
  ['schema.missing', flow('- { type: loop, config: ¦{ times: 1 } }'), 'Add steps.'],
  ['schema.invalid', flow('- { type: loop, config: { times: 1, steps: ¦[] } }')],
  ['schema.invalid', loop('times: ¦-1')],
  ['schema.invalid', loop('times: 1\n    concurrency: ¦0')],
  ['schema.invalid', loop('times: 1\n    concurrency: ¦101')],
  ['schema.invalid', loop('times: 1\n    maxIterations: ¦0')],
  ['schema.invalid', loop('times: 1\n    onItemError: ¦skip')],
  ['schema.invalid', loop('times: 1\n    itemVariable: ¦a-b')],
  ['schema.invalid', loop('times: 1\n    itemVariable: ¦steps')],
  ['schema.invalid', loop('times: 1\n    itemVariable: ¦index')],
  ['schema.invalid', flow('- { type: parallel, config: { branches: ¦[] } }')],
  ['schema.missing', flow('- { type: parallel, config: { branches: [¦{ id: a }] } }'), 'Add steps.'],
  [
    'schema.missing',
    flow('- { type: parallel, config: { branches: [¦{ steps: [{ type: set, config: { values: {} } }] }] } }'),
    'Add id.',
  ],
  [
    'schema.invalid',
    flow(
      '- { type: parallel, config: { waitFor: ¦2, branches: [{ id: a, steps: [{ type: set, config: { values: {} } }] }] } }',
    ),
  ],
  [
    'schema.invalid',
    flow(
      '- { type: parallel, config: { branches: ¦[{ id: a, steps: [{ type: set, config: { values: {} } }] }, { id: a, steps: [{ type: set, config: { values: {} } }] }] } }',
    ),
  ],
  // Ids
  [
    'step.duplicate_id',
    flow('- { id: a, type: set, config: { values: {} } }\n- { id: ¦a, type: set, config: { values: {} } }'),
    'Rename',
  ],
  [
    'step.duplicate_id',
    flow(
      '- { id: a, type: set, config: { values: {} } }\n- { id: l, type: loop, config: { times: 1, steps: [{ id: ¦a, type: set, config: { values: {} } }] } }',
    ),
  ],
  ['step.duplicate_id', plain('finally: [{ id: ¦s, type: set, config: { values: {} } }]')],
  ['step.reserved_id', flow('- { id: ¦finally, type: set, config: { values: {} } }')],
  ['step.reserved_id', flow('- { id: ¦undo, type: set, config: { values: {} } }')],
  ['step.reserved_id', flow('- { id: ¦constructor, type: set, config: { values: {} } }')],
  ['step.reserved_id', flow('- { id: ¦toString, type: set, config: { values: {} } }')],
  ['trigger.duplicate', plain('triggers:\n  - { id: a, type: manual }\n  - { id: ¦a, type: manual }')],
  ['variable.duplicate', plain('variables:\n  - { name: a }\n  - { name: ¦a }')],
  // Edges
  ['edge.unknown_target', edges('outputs: [{ targetStepId: ¦twoo }]'), 'did you mean "two"?'],
  ['edge.unknown_target', edges('outputs: [{ targetStepId: ¦elsewhere }]'), 'same list'],
  ['edge.self', edges('outputs: [{ targetStepId: ¦one }]'), 'loop step'],
  ['edge.input_mismatch', edges('inputs: [¦two]'), 'outputs of "two"'],
  [
    'edge.crosses_lists',
    flow(
      '- { id: a, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: ¦x }] } }\n- { id: l, type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: {} } }] } }',
    ),
    'one list',
  ],
  [
    'graph.cycle',
    flow(
      '- ¦{ id: a, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: b }] } }\n- { id: b, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: a }] } }',
    ),
    'Remove one',
  ],
  [
    'graph.cycle',
    flow(
      '- { id: z, type: set, config: { values: {} } }\n- { id: y, type: set, config: { values: {} } }\n- ¦{ id: a, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: a2 }] } }\n- { id: a2, type: set, config: { values: {} }, connections: { outputs: [{ targetStepId: a }, { targetStepId: y }] } }',
    ),
  ],
  ['schema.invalid', edges('outputs: [{ targetStepId: two, condition: ¦{ type: expression } }]')],
  ['schema.invalid', edges('outputs: [{ targetStepId: two, condition: { type: success, expression: ¦x } }]')],
  ['schema.invalid', edges('outputs: [{ targetStepId: two, condition: { type: ¦maybe } }]')],
  ['schema.missing', edges('outputs: [{ targetStepId: two, condition: ¦{} }]'), 'Add type.'],
  ['schema.missing', edges('outputs: [¦{ label: x }]'), 'Add targetStepId.'],
  // References
  ['reference.unknown_step', value('"{{ ¦steps.aa.output }}"'), 'did you mean "a"?'],
  ['reference.unknown_step', value('"{{ ¦steps.nowhere.output }}"'), 'comes before'],
  [
    'reference.unknown_step',
    value('"{{ ¦steps["nowhere"].output }}"'.replaceAll('["nowhere"]', "['nowhere']")),
  ],
  ['reference.itself', value('"{{ ¦steps.b.output }}"'), 'Only its edges'],
  [
    'reference.not_before',
    flow(
      '- { id: a, type: set, config: { values: { v: "{{ ¦steps.b.output }}" } } }\n- { id: b, type: set, config: { values: {} } }',
    ),
    'Lead from "b"',
  ],
  [
    'reference.not_before',
    flow(
      '- { id: a, type: set, config: { values: {} }, connections: {} }\n- { id: b, type: set, config: { values: { v: "{{ ¦steps.a.output }}" } } }',
    ),
  ],
  [
    'reference.not_visible',
    flow(
      '- { id: l, type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: {} } }] } }\n- { id: b, type: set, config: { values: { v: "{{ ¦steps.x.output }}" } } }',
    ),
    'output of "l"',
  ],
  [
    'reference.not_visible',
    plain('output: "{{ ¦steps.t.output }}"\nfinally: [{ id: t, type: set, config: { values: {} } }]'),
  ],
  [
    'reference.not_visible',
    flow(
      '- { id: p, type: parallel, config: { branches: [{ id: l, steps: [{ id: x, type: set, config: { values: {} } }] }, { id: r, steps: [{ id: y, type: set, config: { values: { v: "{{ ¦steps.x.output }}" } } }] }] } }',
    ),
  ],
  [
    'reference.not_before',
    flow(
      '- { id: l, type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: { v: "{{ ¦steps.b.output }}" } } }] } }\n- { id: b, type: set, config: { values: {} } }',
    ),
  ],
  [
    'reference.not_before',
    flow(
      '- { id: l, type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: { v: "{{ ¦steps.l.output }}" } } }] } }',
    ),
  ],
  ['reference.unknown_field', value('"{{ ¦steps.a.result }}"'), 'output'],
  ['reference.unknown_field', value('"{{ ¦steps.a.ouput }}"'), 'did you mean "output"?'],
  [
    'reference.unknown_variable',
    plain('variables: [{ name: channel }]\noutput: "{{ ¦variables.chanel }}"'),
    'did you mean "channel"?',
  ],
  ['reference.unknown_variable', value('"{{ ¦variables.x }}"'), 'name: x'],
  ['expression.unknown_name', value('"{{ ¦triger.x }}"'), 'did you mean "trigger"?'],
  ['expression.unknown_name', value('"{{ ¦item }}"'), 'There are'],
  ['expression.unknown_name', value('"{{ ¦error.code }}"')],
  ['expression.unknown_name', value('"{{ ¦output }}"')],
  ['expression.unknown_name', loop('items: "{{ ¦item }}"')],
  ['expression.unknown_name', loop('while: ¦item < 3')],
  [
    'expression.unknown_name',
    flow(
      '- { type: loop, config: { times: 2, itemVariable: row, steps: [{ type: set, config: { values: { v: "{{ ¦item }}" } } }] } }',
    ),
  ],
  [
    'expression.unknown_name',
    edges('outputs: [{ targetStepId: two, condition: { type: expression, expression: ¦outpu > 1 } }]'),
    'did you mean "output"?',
  ],
  [
    'reference.not_before',
    edges(
      "outputs: [{ targetStepId: two, condition: { type: expression, expression: '¦steps.two.output' } }]",
    ),
  ],
  [
    'expression.unknown_name',
    flow(
      '- { id: a, type: set, config: { values: {} }, errorHandling: { undo: { action: { type: x, parameters: { p: "{{ ¦error }}" } } } } }',
    ),
  ],
  [
    'reference.unknown_step',
    flow(`- { type: condition, config: { expression: "'{{' == ¦steps.zzz.output" } }`),
  ],
  // Syntax of expressions, and where it is told
  ['expression.syntax', value('"{{ 1 + ¦}}"')],
  ['expression.syntax', value('"text ¦{{ 1"')],
  ['expression.unknown_function', value('"{{ ¦uper(1) }}"'), 'did you mean'],
  ['expression.forbidden', value('"{{ trigger.¦constructor }}"')],
  [
    'reference.unknown_step',
    flow('- id: a\n  type: set\n  config:\n    values:\n      v: plain {{ ¦steps.x.output }} text'),
  ],
  [
    'reference.unknown_step',
    flow("- id: a\n  type: set\n  config:\n    values:\n      v: 'it''s {{ ¦steps.x.output }}'"),
  ],
  [
    'reference.unknown_step',
    flow(
      '- id: a\n  type: set\n  config:\n    values:\n      v: "say \\"hi\\" \\u0041 {{ ¦steps.x.output }}"',
    ),
  ],
  [
    'reference.unknown_step',
    flow(
      '- id: a\n  type: set\n  config:\n    values:\n      v: |\n        first line\n        {{ ¦steps.x.output }}',
    ),
  ],
  [
    'reference.unknown_step',
    flow(
      '- id: a\n  type: set\n  config:\n    values:\n      v: >-\n        first\n        second {{ ¦steps.x.output }}',
    ),
  ],
  [
    'reference.unknown_step',
    flow(
      '- id: a\n  type: set\n  config:\n    values:\n      v: "first\n        second {{ ¦steps.x.output }}"',
    ),
  ],
  [
    'reference.unknown_step',
    flow(
      '- id: a\n  type: set\n  config:\n    values:\n      v: first\n        second {{ ¦steps.x.output }}',
    ),
  ],
  [
    'reference.unknown_step',
    '{"name": "N", "steps": [{"type": "set", "config": {"values": {"v": "a\\n\\"{{ ¦steps.x.output }}"}}}]}',
  ],
  [
    'expression.unknown_name',
    flow('- id: c\n  type: condition\n  config:\n    expression: |\n      1 < 2\n        && ¦foo'),
  ],
  // Actions
  ['action.unknown', action('{ type: ¦file.raed }'), 'did you mean "file.read"?'],
  ['action.unknown', action('{ type: ¦zzz }'), 'The library has file.read'],
  ['action.missing_parameter', action('{ type: file.read, parameters: ¦{} }')],
  ['action.missing_parameter', action('¦{ type: file.read }')],
  [
    'action.unknown_parameter',
    action('{ type: file.read, parameters: { path: a, ¦encodng: utf8 } }'),
    'did you mean "encoding"?',
  ],
  ['action.invalid_parameter', action('{ type: file.read, parameters: { path: ¦5 } }'), 'file.read'],
  ['action.invalid_parameter', action('{ type: file.read, parameters: { path: a, encoding: ¦latin1 } }')],
  ['action.invalid_parameter', action('{ type: file.read, parameters: { path: a, lines: [1, ¦x] } }')],
  [
    'action.unknown',
    flow('- { type: set, config: { values: {} }, errorHandling: { undo: { action: { type: ¦file.rea } } } }'),
    'did you mean "file.read"?',
  ],
  // Triggers
  ['trigger.unknown_type', trigger('{ type: ¦schedul }'), 'did you mean "schedule"?'],
  ['schema.missing', trigger('¦{ id: t }'), 'Use one of manual'],
  ['schema.invalid', trigger('{ type: schedule, config: ¦{} }')],
  ['schema.invalid', trigger('{ type: schedule, config: ¦{ cron: "0 9 * * *", every: 5m } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { cron: ¦"61 9 * * *" } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { cron: ¦"0 0 9 * * *" } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { cron: ¦"@never" } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { every: ¦10ms } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { every: ¦x } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { every: 5m, timezone: ¦Mars/Base } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { every: 5m, overlap: ¦x } }')],
  ['schema.invalid', trigger('{ type: schedule, config: { every: 5m, catchup: ¦x } }')],
  ['schema.missing', trigger('¦{ type: schedule }')],
  ['schema.missing', trigger('¦{ type: file_change }')],
  ['schema.missing', trigger('{ type: file_change, config: ¦{} }'), 'Add path.'],
  ['schema.invalid', trigger('{ type: file_change, config: { path: a, events: ¦[] } }')],
  ['schema.invalid', trigger('{ type: file_change, config: { path: a, events: [¦rename] } }')],
  ['schema.invalid', trigger('{ type: file_change, config: { path: a, settle: ¦-1 } }')],
  [
    'schema.unknown_key',
    trigger('{ type: file_change, config: { path: a, ¦ignore: [] } }'),
    'did you mean "ignored"?',
  ],
  // Variables
  ['variable.invalid_default', plain('variables:\n  - { name: a, type: number, default: ¦x }'), 'number'],
  ['variable.invalid_default', plain('variables:\n  - { name: a, type: array, default: ¦{} }')],
  ['schema.invalid', plain('variables:\n  - { name: ¦a-b }')],
  ['schema.invalid', plain('variables:\n  - { name: ¦__proto__ }')],
  ['schema.invalid', plain('variables:\n  - { name: ¦toString }')],
  ['schema.invalid', plain('variables:\n  - { name: a, type: ¦text }')],
  ['schema.missing', plain('variables:\n  - ¦{ type: string }'), 'Add name.'],
];
