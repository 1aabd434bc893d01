import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { z } from 'zod';
import { createApp } from '#api/app.ts';
import type { Deps } from '#api/deps.ts';
import { createDirectory } from '#api/plugins/directory.ts';
import { DefinitionReader, type ReaderParts } from '#api/reader/reader.ts';
import { openStore } from '#api/store/store.ts';
import { createTriggerSync } from '#api/triggers/sync.ts';
import { type Catalog, type CatalogAction, catalogSchema } from '#shared/catalog/catalog.ts';
import { type ProblemDocument, problemDocument } from '#shared/contract/common.ts';
import { type ExecutionView, executionView, type StepView } from '#shared/contract/execution.ts';
import { type Route, routes } from '#shared/contract/routes.ts';
import { type WorkflowView, workflowView } from '#shared/contract/workflow.ts';
import { EXECUTION } from '#shared/execution/protocol.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import type { Plugins } from '#workers/plugins/plugins.ts';
import { eventually } from './eventually.ts';
import { actInput, type Runner, startRunner, testFacts } from './runner.ts';

const CATALOG = new URL('../../shared/catalog/catalog.generated.json', import.meta.url);

/** The test action as the catalogue would show it. */
const testAction: CatalogAction = {
  type: 'test.act',
  group: 'test',
  title: 'Test',
  description: 'Does what its parameters say.',
  icon: 'flask',
  input: z.toJSONSchema(actInput) as CatalogAction['input'],
  output: {},
  effect: 'write',
  examples: [],
  ...(testFacts['test.act'] as Pick<CatalogAction, 'timeout' | 'retry' | 'idempotent'>),
};

async function testCatalog(): Promise<Catalog> {
  const { actions } = catalogSchema.parse(JSON.parse(await readFile(CATALOG, 'utf8')));
  return { actions: [...actions, testAction] };
}

/** What a request carries; at most one of the bodies. */
export interface Ask {
  json?: unknown;
  yaml?: string;
  /** A body as it is, with whatever content type the headers say. */
  raw?: string;
  headers?: Record<string, string>;
}

/** An answer, already held against the contract. */
export interface Reply<Body = JsonObject> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

const all = Object.entries(routes) as [string, Route][];

/** The route of the contract that a request reaches. */
function routeOf(method: string, path: string): Route | undefined {
  const [bare = ''] = path.split('?');
  const fits = (route: Route): boolean =>
    new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(bare) &&
    route.method === method.toLowerCase();
  return all.find(([, route]) => fits(route))?.[1];
}

function checkProblem({ status, headers, body }: Reply<unknown>): void {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = problemDocument.parse(body);
  expect(problem).toEqual(body);
  expect(problem.status).toBe(status);
  for (const text of [problem.code, problem.title, problem.detail, problem.fix]) expect(text).toMatch(/\S/);
}

/** Every answer is what the contract says, to the last field. */
function checkReply(route: Route | undefined, reply: Reply<unknown>): void {
  const isUnhealthy = route === routes.health && reply.status === 503;
  if (reply.status >= 400 && !isUnhealthy) {
    checkProblem(reply);
    return;
  }
  if (!route || route.produces !== undefined) return;
  if (!isUnhealthy) expect(reply.status).toBe(route.status);
  expect(route.response.parse(reply.body)).toEqual(reply.body);
}

/** A client that believes nothing: each answer is checked against the contract. */
export class ApiClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async ask<Body = JsonObject>(method: string, path: string, ask: Ask = {}): Promise<Reply<Body>> {
    const { json, yaml, raw, headers = {} } = ask;
    const type =
      json !== undefined ? 'application/json' : yaml !== undefined ? 'application/yaml' : undefined;
    const body = json !== undefined ? JSON.stringify(json) : (yaml ?? raw);
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(type && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const reply = {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as Body,
    };
    checkReply(routeOf(method, path), reply);
    return reply;
  }

  get = <Body = JsonObject>(path: string): Promise<Reply<Body>> => this.ask<Body>('GET', path);
  post = <Body = JsonObject>(path: string, ask: Ask = {}): Promise<Reply<Body>> =>
    this.ask<Body>('POST', path, ask);

  /** Expects a refusal and answers its document. */
  async refused(method: string, path: string, ask: Ask = {}): Promise<ProblemDocument> {
    const { status, body, text } = await this.ask<ProblemDocument>(method, path, ask);
    if (status < 400) throw new Error(`${method} ${path} was not refused: ${status} ${text.slice(0, 500)}`);
    return body;
  }

  async workflow(id: string): Promise<WorkflowView> {
    return workflowView.parse((await this.get(`/api/workflows/${id}`)).body);
  }

  /** Creates a workflow from YAML; answers its id. */
  async create(yaml: string): Promise<string> {
    const { status, body, text } = await this.post<WorkflowView>('/api/workflows', { yaml });
    if (status !== 201) throw new Error(text);
    return body.id;
  }

  /** Starts an execution; answers its id. */
  async execute(workflowId: string, json: JsonObject = {}): Promise<string> {
    const { status, body, text } = await this.post(`/api/workflows/${workflowId}/execute`, { json });
    if (status !== 202) throw new Error(text);
    return String(body.executionId);
  }

  async execution(id: string): Promise<ExecutionView> {
    return executionView.parse((await this.get(`/api/executions/${id}`)).body);
  }

  /** The execution once it is as wanted; the last one seen where it never is. */
  async until(
    id: string,
    isWanted: (view: ExecutionView) => boolean,
    what = 'the execution is as wanted',
  ): Promise<ExecutionView> {
    let last: ExecutionView | undefined;
    try {
      return await eventually(async () => {
        last = await this.execution(id);
        return isWanted(last) ? last : undefined;
      }, what);
    } catch (thrown) {
      throw new Error(
        `${thrown instanceof Error ? thrown.message : thrown}\n${JSON.stringify(last, null, 1)}`,
      );
    }
  }

  ended = (id: string): Promise<ExecutionView> =>
    this.until(id, ({ endTime }) => endTime !== null, 'the execution has ended');
}

/** The step at a path of a view. */
export function stepAt({ steps }: { steps: StepView[] }, path: string): StepView {
  const found = steps.find((step) => step.path === path);
  if (!found)
    throw new Error(`There is no step "${path}" among ${steps.map((step) => step.path).join(', ')}`);
  return found;
}

/** An action step that does what its parameters say, as a line of YAML. */
export const act = (id: string, parameters: JsonObject = {}, rest: JsonObject = {}): string =>
  JSON.stringify({ id, type: 'action', action: { type: 'test.act', parameters }, ...rest });

/** A workflow of steps that each are one line of YAML or JSON. */
export const flow = (name: string, steps: string[], rest: JsonObject = {}): string =>
  [
    `name: ${name}`,
    ...Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    'steps:',
    ...steps.map((step) => `  - ${step}`),
  ].join('\n');

/** The real API on a port of its own: a store in a folder, the tests' Temporal, and a worker unless none is wanted. */
export async function startApi({
  worker = true,
  plugins,
  limits,
}: {
  worker?: boolean;
  plugins?: Plugins;
  /** Of what reads definitions. */
  limits?: ReaderParts['limits'];
} = {}) {
  const home = await mkdtemp(join(tmpdir(), 'acas-api-'));
  const runner: Runner = await startRunner(plugins ? { plugins } : {});
  const lines: string[] = [];
  const log = createLog({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } });
  const taskQueue = worker ? runner.taskQueue : `${runner.taskQueue}-nobody`;
  // Asking is a workflow of its own, which tests that count them do not expect.
  const directory = plugins
    ? createDirectory({ client: runner.client, blobs: runner.blobs, log, taskQueue, freshFor: 0 })
    : { list: async () => ({ items: [] }), known: () => undefined };
  const known: ReaderParts = { catalog: await testCatalog(), plugins: directory, ...(limits && { limits }) };
  const deps: Deps = {
    ...known,
    reader: new DefinitionReader(known),
    store: await openStore({ url: join(home, 'acas.db') }),
    client: runner.client,
    blobs: runner.blobs,
    secretKey: { home },
    secrets: openSecrets({ home, environment: {} }),
    log,
    taskQueue,
  };
  const app = createApp(deps, createTriggerSync(deps), {
    version: '0.0.0',
    allowedHosts: ['runner.example.org'],
    uiFolder: join(home, 'ui'),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  /** All that a request could have changed: workflows, their versions, and what runs in Temporal. */
  const world = async (): Promise<Json> => {
    const { items } = await deps.store.workflows.list({ limit: 1_000 });
    const { count } = await runner.client.workflow.count(
      `TaskQueue = '${deps.taskQueue}' AND WorkflowType = '${EXECUTION}'`,
    );
    return { executions: count, workflows: items as unknown as Json };
  };
  return {
    api: new ApiClient(`http://127.0.0.1:${port}`),
    deps,
    runner,
    port,
    /** Warnings and errors that were logged. */
    lines,
    world,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runner.stop();
      await deps.reader.close();
      await deps.store.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof startApi>>;
