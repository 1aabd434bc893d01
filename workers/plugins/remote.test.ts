import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Server as McpServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Retryable } from '../action.ts';
import { EVERYTHING, failureOf, makeWorld, until, type World } from './_fixture.ts';

jest.setTimeout(60_000);

let world: World | undefined;
let child: ChildProcess | undefined;
let server: Server | undefined;
/** Whether the last command asked for is one that never answers. */
let hanging = false;
afterEach(async () => {
  await world?.close();
  child?.kill('SIGKILL');
  server?.closeAllConnections();
  server?.close();
  world = child = server = undefined;
});

const portOf = (listening: { address(): unknown }): number => (listening.address() as AddressInfo).port;

async function freePort(): Promise<number> {
  const probe = createTcp().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const port = portOf(probe);
  probe.close();
  return port;
}

/** The public everything server over HTTP. */
async function startEverything(port: number): Promise<ChildProcess> {
  const env = { ...process.env, PORT: String(port) };
  const started = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  started.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  await until(() => said.includes('listening on port'), 'the server listens');
  return started;
}

/** A server of the SDK's with two commands, that counts what it is asked with. */
async function startOwn(): Promise<{
  port: number;
  headers: (string | undefined)[];
  cancelled: () => number;
}> {
  const headers: (string | undefined)[] = [];
  let cancelled = 0;
  server = createServer(async (request, response) => {
    headers.push(request.headers.authorization);
    const mcp = new McpServer({ name: 'own', version: '1' }, { capabilities: { tools: {} } });
    const inputSchema = { type: 'object' as const };
    mcp.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: ['huge', 'hang', 'fine'].map((name) => ({ name, inputSchema })),
    }));
    mcp.setRequestHandler(CallToolRequestSchema, async ({ params: { name } }) => {
      hanging = name === 'hang';
      if (hanging) await new Promise(() => undefined);
      const text = name === 'huge' ? 'x'.repeat(12 * 1024 * 1024) : 'fine';
      return { content: [{ type: 'text', text }] };
    });
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    let body = '';
    for await (const chunk of request) body += chunk;
    if (body.includes('notifications/cancelled')) cancelled += 1;
    await mcp.connect(transport as Parameters<typeof mcp.connect>[0]);
    await transport.handleRequest(request, response, body === '' ? undefined : JSON.parse(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server), headers, cancelled: () => cancelled };
}

const remote = (port: number, more = {}) => ({
  id: 'far',
  kind: 'mcp' as const,
  url: `http://127.0.0.1:${port}/mcp`,
  ...more,
});

const reaching = (port: number) => ({ network: { allow: [`127.0.0.1:${port}`] } });

describe('an MCP server over HTTP', () => {
  it('lists its commands, answers, and reports progress (the public everything server)', async () => {
    const port = await freePort();
    child = await startEverything(port);
    world = makeWorld([remote(port)], reaching(port));
    expect((await world.call('far', 'echo', ['over HTTP'])).content).toContain('over HTTP');
    let reports = 0;
    const onProgress = () => {
      reports += 1;
    };
    await world.call('far', 'trigger-long-running-operation', { duration: 0.2, steps: 2 }, { onProgress });
    expect(reports).toBeGreaterThan(0);
    expect(world.view('far')).toMatchObject({ status: 'running', kind: 'mcp' });
  });

  it('that restarts is connected to again', async () => {
    const port = await freePort();
    child = await startEverything(port);
    world = makeWorld([remote(port)], reaching(port));
    await world.call('far', 'echo', ['one']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const gone = await failureOf(world.call('far', 'echo', ['two']));
    expect(gone).toBeInstanceOf(Retryable);
    expect(gone.code).toBe('plugin.died');
    child = await startEverything(port);
    expect((await world.call('far', 'echo', ['three'])).content).toContain('three');
  });

  it('is not reached where its address is not allowed', async () => {
    const { port, headers } = await startOwn();
    world = makeWorld([remote(port)]);
    expect(await failureOf(world.call('far', 'fine'))).toMatchObject({ code: 'http.address_refused' });
    expect(world.view('far')).toMatchObject({ status: 'failed', error: { code: 'http.address_refused' } });
    expect(headers).toEqual([]);
  });

  it('gets the headers of the list, which are shown to nobody', async () => {
    const { port, headers } = await startOwn();
    world = makeWorld([remote(port, { headers: { Authorization: 'Bearer secret-token' } })], reaching(port));
    expect(await world.call('far', 'fine')).toEqual({ content: 'fine' });
    expect(new Set(headers)).toEqual(new Set(['Bearer secret-token']));
    expect(JSON.stringify(world.manager.all())).not.toContain('secret-token');
  });

  it('is not read without end', async () => {
    const { port } = await startOwn();
    world = makeWorld([remote(port)], reaching(port));
    const failure = await failureOf(world.call('far', 'huge'));
    expect(failure).toMatchObject({ code: 'plugin.output_too_large' });
    expect(await world.call('far', 'fine')).toEqual({ content: 'fine' });
  });

  it('that breaks off its answer fails the call', async () => {
    const { port } = await startOwn();
    world = makeWorld([remote(port)], reaching(port));
    await world.call('far', 'fine');
    const call = failureOf(world.call('far', 'hang'));
    await until(() => hanging, 'the call has arrived');
    server?.closeAllConnections();
    expect(await call).toMatchObject({ code: 'plugin.died' });
    expect(await world.call('far', 'fine')).toEqual({ content: 'fine' });
  });

  it('is told of a cancel', async () => {
    const { port, cancelled } = await startOwn();
    world = makeWorld([remote(port)], reaching(port));
    await world.call('far', 'fine');
    const stop = new AbortController();
    const call = world.call('far', 'hang', {}, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('called off')), 50);
    await expect(call).rejects.toThrow('called off');
    await until(() => cancelled() === 1, 'the server was told');
  });
});
