import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { Json, JsonObject } from '#shared/json.ts';
import { readConfig } from '#shared/node/config.ts';
import { testAddress } from '../../test/support/temporal.ts';
import type { Action } from '../action.ts';
import { loadActions } from '../registry.ts';
import { type Runner, startRunner } from './_runner.ts';

jest.setTimeout(240_000);

const CANARY = 'c4nary+V4lue/0123456789=x';

const FORMS = [
  CANARY,
  encodeURIComponent(CANARY),
  Buffer.from(CANARY).toString('hex'),
  ...[0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + CANARY)
      .toString('base64')
      .slice(4, 28),
  ),
];

/** Nobody listens there, so that nothing a step sends leaves the machine. */
const NOWHERE = 'http://127.0.0.1:9';

const settings = readConfig({
  ACAS_SHELL_ALLOW: '*',
  ACAS_SHELL_SCRIPTS: 'true',
  ACAS_API_URL: NOWHERE,
  ANTHROPIC_BASE_URL: NOWHERE,
  OPENAI_BASE_URL: NOWHERE,
  GOOGLE_GEMINI_BASE_URL: NOWHERE,
  SLACK_API_URL: NOWHERE,
  SMTP_URL: 'smtp://127.0.0.1:9',
  SMTP_FROM: 'runner@example.org',
  ACAS_EMAIL_ALLOW: '*',
});

/** The value with one of its texts, at a path, replaced; a list of all such variations. */
function variations(value: Json): { at: string; value: Json }[] {
  if (typeof value === 'string')
    return [
      { at: '', value: '{{ secrets.CANARY }}' },
      { at: ' (inside)', value: `${value}{{ secrets.CANARY }}` },
    ];
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, item]) =>
    variations(item).map(({ at, value: changed }) => ({
      at: `.${key}${at}`,
      value: isList
        ? value.map((old, index) => (String(index) === key ? changed : old))
        : { ...value, [key]: changed },
    })),
  );
}

const actions = [...(await loadActions()).values()];

/** A value that holds the secret and may fit a field; nothing for numbers and switches. */
function fitting({ type, enum: choices }: JsonObject): Json | undefined {
  if (choices !== undefined || type === 'boolean' || type === 'number' || type === 'integer')
    return undefined;
  if (type === 'array') return ['{{ secrets.CANARY }}'];
  return type === 'object' ? { key: '{{ secrets.CANARY }}' } : '{{ secrets.CANARY }}';
}

/** The secret as, and in, every text of an action's example in turn, and in every field that the example leaves out. */
function casesOf(action: Action): { name: string; parameters: JsonObject; type: string }[] {
  const { type, examples } = action;
  const example = examples.find(({ needsNetwork }) => !needsNetwork) ?? examples[0];
  const input = (example?.input ?? {}) as JsonObject;
  const { properties = {} } = z.toJSONSchema(action.input, { io: 'input' }) as { properties?: JsonObject };
  const others = Object.entries(properties).flatMap(([field, schema]) => {
    const value = field in input ? undefined : fitting(schema as JsonObject);
    return value === undefined ? [] : [{ at: `.${field}`, value: { ...input, [field]: value } }];
  });
  return [...variations(input), ...others].map(({ at, value }) => ({
    name: type + at,
    parameters: value as JsonObject,
    type,
  }));
}

describe('a secret given to any field of any action', () => {
  let runner: Runner;

  beforeAll(async () => {
    runner = await startRunner(await testAddress(), actions, {
      secrets: { CANARY },
      settings,
      network: {
        allow: ['127.0.0.1:9'],
        lookup: (_, options, callback) =>
          options.all
            ? callback(null, [{ address: '127.0.0.1', family: 4 }])
            : callback(null, '127.0.0.1', 4),
      },
    });
    const files = actions.flatMap(({ examples }) => Object.entries(examples[0]?.files ?? {}));
    for (const [path, content] of files) {
      mkdirSync(dirname(join(runner.root, path)), { recursive: true });
      writeFileSync(join(runner.root, path), content);
    }
    for (const args of [
      ['init', '--quiet', '--initial-branch=main'],
      ['add', '--all'],
      ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '--quiet', '--message=Begin'],
    ])
      execFileSync('git', args, { cwd: runner.root });
  }, 60_000);
  afterAll(() => runner?.close());

  const tried = async ({ type, parameters }: { type: string; parameters: JsonObject }) => {
    const step = { action: { type, parameters }, timeout: 3_000, retryPolicy: { maximumAttempts: 1 } };
    const handle = await runner.start([{ id: 'step', ...step }]);
    const state = await runner.stateOf(handle);
    const { events } = await handle.fetchHistory();
    const decoder = new TextDecoder();
    const history = JSON.stringify(events, (_, value) =>
      value instanceof Uint8Array ? decoder.decode(value) : typeof value === 'bigint' ? String(value) : value,
    );
    return { text: JSON.stringify(state) + history, step: state.steps.step };
  };

  const found = (text: string): string[] => FORMS.filter((form) => text.includes(form));

  it.each(actions.map((action) => [action.type, action] as const))(
    '%s keeps it to itself',
    async (_, action) => {
      const cases = casesOf(action);
      expect(cases.length).toBeGreaterThan(0);
      const results = await Promise.all(cases.map(async (one) => ({ ...one, ...(await tried(one)) })));
      const leaks = results.flatMap(({ name, text }) =>
        found(text).map((form) => ({
          name,
          form,
          around: text.slice(Math.max(0, text.indexOf(form) - 150), text.indexOf(form) + 40),
        })),
      );
      expect(leaks).toEqual([]);
      // The secret has really been there: without it the step would say so.
      expect(results.filter(({ step }) => step?.error?.code === 'secret.unknown')).toEqual([]);
    },
  );

  it('is in no blob and no other file of the data directory', () => {
    const home = join(runner.folder, 'home');
    const kept = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const leaks = kept.flatMap((path) => found(readFileSync(path, 'latin1')).map((form) => ({ path, form })));
    expect(leaks).toEqual([]);
  });
});
