import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { z } from 'zod';
import { type Catalog, catalogSchema } from '#shared/catalog/catalog.ts';
import { factsOf } from '#shared/catalog/facts.ts';
import { loadText } from '#shared/definition/load.ts';
import { fillVariables } from '#shared/definition/variables.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { Run } from '#shared/execution/protocol.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { fileBlobs } from '#shared/node/blobs/file-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { startRun } from '#shared/node/start-execution.ts';
import { simulate } from '#shared/simulator/simulate.ts';
import { childEnvironment } from '#workers/host/child-environment.ts';
import { noPlugins } from '#workers/plugins/plugins.ts';
import { loadActions } from '#workers/registry.ts';
import { bundleWorkflows, createWorker } from '#workers/worker.ts';
import { openWorkspace } from '#workers/workspace.ts';
import { type AiServer, startAiServer } from './support/ai-server.ts';
import { startApi, type TestApi } from './support/api.ts';
import { testAddress } from './support/temporal.ts';

const FOLDER = fileURLToPath(new URL('../definitions/', import.meta.url));
const CATALOG = fileURLToPath(new URL('../shared/catalog/catalog.generated.json', import.meta.url));

const inputSchema = z.strictObject({
  variables: z.record(z.string(), z.json()).default({}),
  trigger: z.record(z.string(), z.json()).default({ type: 'manual' }),
  /** Files of the workspace, by path. */
  files: z.record(z.string(), z.string()).default({}),
  /** Programs that prepare the workspace. */
  commands: z.array(z.array(z.string()).min(1)).default([]),
});

/** A file's content, a part of it, a part of its JSON; null for a file that must not be there. */
const fileSchema = z.union([
  z.string(),
  z.null(),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ json: z.record(z.string(), z.json()) }),
]);

const expectSchema = z.strictObject({
  status: z.enum(['success', 'failure']),
  output: z.json().optional(),
  files: z.record(z.string(), fileSchema).default({}),
  /** The one message of each chat session. */
  chat: z.record(z.string(), z.string()).default({}),
});

interface Definition {
  name: string;
  text: string;
  requires: string[];
  input: z.infer<typeof inputSchema>;
  expected: z.infer<typeof expectSchema>;
}

/** The comment at the head of a file, by the names its blocks begin with. */
function headerOf(text: string): Map<string, string> {
  const blocks = new Map<string, string>();
  let current = '';
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    const [, name, rest] = /^# (input|expect|requires):(.*)$/.exec(line) ?? [];
    if (name) current = name;
    if (current !== '') blocks.set(current, `${blocks.get(current) ?? ''}${rest ?? line.slice(1)}\n`);
  }
  return blocks;
}

function readDefinition(name: string): Definition {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const header = headerOf(text);
  const json = (block: string): unknown => JSON.parse(header.get(block)?.trim() ?? 'null');
  const requires = /\[(.*)\]/.exec(header.get('requires') ?? '')?.[1] ?? '';
  return {
    name,
    text,
    requires: requires
      .split(',')
      .map((type) => type.trim())
      .filter(Boolean),
    input: inputSchema.parse(json('input')),
    expected: expectSchema.parse(json('expect')),
  };
}

const definitions = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map(readDefinition);
const catalog: Catalog = catalogSchema.parse(JSON.parse(readFileSync(CATALOG, 'utf8')));

/** A server whose /ok answers, whose /flaky does so the second time, and whose other pages are broken. */
function startServer(): Promise<Server> {
  let asked = 0;
  const server = createServer(({ url }, response) => {
    const isUp = url === '/ok' || (url === '/flaky' && ++asked > 1);
    response.writeHead(isUp ? 200 : 503).end(isUp ? 'fine' : 'broken');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let server: Server;
let ai: AiServer;
let api: TestApi;
let native: NativeConnection;
let connection: Connection;
let code: string;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = await testAddress();
  [native, connection, code, server] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
    bundleWorkflows(),
    startServer(),
  ]);
  ai = await startAiServer();
  ai.script(({ provider }) => `${provider} has looked at it.`);
  api = await startApi({ worker: false });
}, 60_000);

afterAll(async () => {
  server.close();
  await api.stop();
  await ai.close();
  await Promise.all([native.close(), connection.close()]);
});

const withServer = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value).replaceAll('SERVER', `127.0.0.1:${(server.address() as AddressInfo).port}`),
  ) as T;

function prepare(root: string, { files, commands }: Definition['input']): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const [command = '', ...args] of commands) execFileSync(command, args, { cwd: root });
}

function runOf(workflow: Workflow, { trigger, variables }: Definition['input']): Run {
  const { values, problems } = fillVariables(workflow.variables, variables);
  expect(problems).toEqual([]);
  return { workflow, workflowVersion: 1, facts: factsOf(catalog), trigger, variables: values };
}

interface Ended {
  status: 'success' | 'failure';
  output: Json;
  error?: unknown;
}

/** Runs a definition as the product does: real server, real worker, real actions, a workspace of its own. */
async function execute(folder: string, run: Run): Promise<Ended> {
  const root = join(folder, 'workspace');
  const home = join(folder, 'home');
  const taskQueue = `definition-${randomUUID()}`;
  const blobs = fileBlobs(join(home, 'blobs'));
  const log = createLog({ level: 'silent' });
  const host = {
    blobs,
    secrets: openSecrets({ home, environment: {} }),
    log,
    workspace: openWorkspace(root, [home]),
    home,
    network: { allow: ['*'] },
    environment: childEnvironment(process.env),
    settings: {
      ...readConfig({
        ANTHROPIC_API_KEY: 'sk-test',
        ANTHROPIC_BASE_URL: ai.baseUrl('claude'),
        GEMINI_API_KEY: 'sk-test',
        GOOGLE_GEMINI_BASE_URL: ai.baseUrl('gemini'),
      }),
      shell: { allow: ['*'], scripts: true },
      apiUrl: api.api.url,
    },
    plugins: noPlugins,
  };
  const tuning = { shutdownGraceTime: 100 };
  const worker = await createWorker({
    connection: native,
    namespace: 'default',
    actions: await loadActions(),
    host,
    code,
    taskQueue,
    tuning,
  });
  const client = new Client({ connection });
  return worker.runUntil(async () => {
    await startRun({ client, blobs, taskQueue }, run, taskQueue);
    try {
      return { status: 'success', output: (await client.workflow.getHandle(taskQueue).result()) as Json };
    } catch (thrown) {
      if (!(thrown instanceof WorkflowFailedError)) throw thrown;
      return { status: 'failure', output: null, error: thrown.cause };
    }
  });
}

function checkFiles(root: string, files: Definition['expected']['files']): void {
  for (const [path, expected] of Object.entries(files)) {
    const content = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
    const where = `${path}: `;
    if (expected === null || typeof expected === 'string') expect(where + content).toBe(where + expected);
    else if ('contains' in expected) expect(where + content).toContain(expected.contains);
    else expect(JSON.parse(content ?? 'null')).toMatchObject(expected.json);
  }
}

async function checkChat(chat: Definition['expected']['chat']): Promise<void> {
  for (const [session, text] of Object.entries(chat))
    expect((await api.deps.store.chat.messages(session, { limit: 2 })).items).toMatchObject([{ text }]);
}

describe.each(definitions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (name, definition) => {
    const { text, input, expected, requires } = definition;

    it('is valid, and named like its file', () => {
      const { workflow, problems } = loadText(text, catalog);
      expect(problems).toEqual([]);
      expect(`${workflow?.id}.yaml`).toBe(name);
    });

    it('does what it says when it is executed', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'acas-definition-'));
      const root = join(folder, 'workspace');
      mkdirSync(root);
      const { workflow } = loadText(text, catalog);
      if (!workflow) throw new Error('It is valid.');
      prepare(root, input);
      const { status, output, error } = await execute(folder, runOf(workflow, withServer(input)));
      expect({ status, ...(status !== expected.status && { error }) }).toEqual({ status: expected.status });
      if (expected.output !== undefined)
        expect(output).toMatchObject(withServer(expected.output) as JsonObject);
      checkFiles(root, withServer(expected.files));
      await checkChat(expected.chat);
      rmSync(folder, { recursive: true });
    }, 60_000);

    it('comes to an end whatever its actions answer', () => {
      const { workflow } = loadText(text);
      if (!workflow) throw new Error('It is valid.');
      const run = runOf(workflow, input);
      const start = {
        executionId: name,
        at: 0,
        workflowVersion: 1,
        trigger: { time: '2027-01-01T00:00:00.000Z', ...run.trigger },
        variables: run.variables,
      };
      const broken = simulate({
        workflow,
        facts: run.facts,
        input: start,
        act: () => ({ error: { code: 'test.broken', message: 'Broken.' } }),
      });
      expect(['success', 'failure']).toContain(broken.outcome);
      if (requires.length === 0) return;
      const mended = simulate({
        workflow,
        facts: run.facts,
        input: start,
        act: ({ action }) => ({ output: { content: 'c', response: 'r', action } }),
      });
      expect(mended).toMatchObject({ outcome: expected.status, error: null });
      expect(mended.ran.map(({ action }) => action)).toEqual(expect.arrayContaining(requires));
    });
  },
);
