import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Route, routes } from '#shared/contract/routes.ts';
import type { JsonObject } from '#shared/json.ts';
import { type ApiClient, startApi, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

const PAGE = '<!doctype html><title>ACAS Runner</title>';
const PRIVATE = 'not for the browser';

let test: TestApi;
let api: ApiClient;
let nobody: TestApi;

beforeAll(async () => {
  test = await startApi();
  nobody = await startApi({ worker: false });
  api = test.api;
  await buildInterface(test.deps.secretKey.home);
});

/** What a build leaves, as small as can be, and beside it what nobody is to read. */
async function buildInterface(home: string): Promise<void> {
  await mkdir(join(home, 'ui', 'assets'), { recursive: true });
  await writeFile(join(home, 'ui', 'index.html'), PAGE);
  await writeFile(join(home, 'ui', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(home, 'ui', 'assets', 'index-a1b2.js'), 'export {};');
  await writeFile(join(home, 'private.txt'), PRIVATE);
}

afterAll(async () => {
  await test.stop();
  await nobody.stop();
});

const all = Object.entries(routes) as [string, Route][];

describe('the contract', () => {
  it.each(all)('has a handler for %s', async (_name, { method, path }) => {
    const { status, body } = await api.ask(method.toUpperCase(), path.replace(/:\w+/g, 'absent'));
    expect(status).not.toBe(500);
    expect(body?.code).not.toBe('request.no_route');
  });
});

describe('the OpenAPI document', () => {
  let document: JsonObject;
  beforeAll(async () => {
    document = (await api.get('/api/openapi.json')).body;
  });

  it('names every route with its parameters and answers', () => {
    const paths = document.paths as Record<string, Record<string, JsonObject>>;
    for (const [name, { method, path, status, query }] of all) {
      const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method];
      expect(operation).toMatchObject({ operationId: name, responses: { [status]: {}, default: {} } });
      const named = ((operation?.parameters ?? []) as JsonObject[]).map((parameter) => parameter.name);
      const wanted = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
      expect(named).toEqual([...wanted, ...Object.keys(query?.shape ?? {})]);
    }
    expect(Object.values(paths).flatMap((path) => Object.keys(path))).toHaveLength(all.length);
  });

  it('has no reference that leads nowhere', () => {
    const { schemas } = document.components as { schemas: JsonObject };
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, found]) => found);
    expect(references.length).toBeGreaterThan(20);
    const known = new Set(Object.keys(schemas).map((name) => `#/components/schemas/${name}`));
    expect(references.filter((reference) => !known.has(reference ?? ''))).toEqual([]);
    for (const [name, schema] of Object.entries(schemas))
      expect(schema).not.toEqual({ $ref: `#/components/schemas/${name}` });
  });
});

describe('health', () => {
  it('is 200 while a workflow could run', async () => {
    const { status, body } = await api.get('/api/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      temporal: { ok: true, namespace: 'default' },
      workers: { ok: true, count: 1 },
      store: { ok: true, engine: 'sqlite' },
    });
  });

  it('is 503 without a worker, and says what to do', async () => {
    const { status, body } = await nobody.api.get('/api/health');
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'degraded', temporal: { ok: true }, store: { ok: true } });
    expect(body.workers).toMatchObject({ ok: false, error: expect.stringContaining('npm run worker') });
  });
});

describe('every answer', () => {
  it.each(['/', '/api/health', '/api/nothing'])(
    'keeps a browser from being talked into anything: %s',
    async (path) => {
      const { headers } = await api.get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

/** Asks for a path to the letter: `fetch` would tidy it up first. */
const asWritten = (path: string, port = test.port): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });

describe('the interface', () => {
  it.each(['/', '/workflows', '/workflows/some%20id', '/executions/a%2Fb', '/no/such/page'])(
    'answers %s with its one page, which is asked for anew each time',
    async (path) => {
      const { status, headers, text } = await api.get(path);
      expect({ status, text }).toEqual({ status: 200, text: PAGE });
      expect(headers.get('content-type')).toMatch(/^text\/html/);
      expect(headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('lets files be kept for good whose names change with their content, and no others', async () => {
    const script = await api.get('/assets/index-a1b2.js');
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toMatch(/javascript/);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const icon = await api.get('/icon.svg');
    expect(icon.headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/api/nothing', '/api', '/hooks', '/assets/index-old.js', '/missing.png'])(
    'leaves %s to be refused as everything else is',
    async (path) => {
      const { status, headers } = await api.get(path);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );

  it.each([
    '/../private.txt',
    '/%2e%2e/private.txt',
    '/..%2fprivate.txt',
    '/assets/../../private.txt',
    '/assets/..%2f..%2fprivate.txt',
    '/assets/%2e%2e/%2e%2e/private.txt',
    '/..%5cprivate.txt',
    '//private.txt',
    '/assets/%00/../../private.txt',
  ])('never leaves its folder: %s', async (path) => {
    const { status, text } = await asWritten(path);
    expect(text).not.toContain(PRIVATE);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it('says how it is built where it is not', async () => {
    const { status, text } = await asWritten('/', nobody.port);
    expect(status).toBe(503);
    expect(text).toContain('npm run build');
  });
});

describe('what the API knows', () => {
  it('are the actions of the catalogue', async () => {
    const { body } = await api.get<{ items: { type: string }[] }>('/api/workflows/actions');
    const file = new URL('../../shared/catalog/catalog.generated.json', import.meta.url);
    const { actions } = JSON.parse(readFileSync(file, 'utf8')) as { actions: { type: string }[] };
    for (const { type } of actions) expect(body.items.map((item) => item.type)).toContain(type);
  });

  it('is the definition language as JSON Schema', async () => {
    const { body } = await api.get('/api/workflows/schema');
    expect(body).toMatchObject({ type: 'object', required: expect.arrayContaining(['name', 'steps']) });
  });
});
