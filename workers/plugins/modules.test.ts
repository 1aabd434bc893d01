import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Json, JsonObject } from '#shared/json.ts';
import {
  failureOf,
  makeWorld,
  moduleEntry,
  processesWith,
  scriptEntry,
  until,
  WORD_TOOLS,
  type World,
} from './_fixture.ts';
import { fingerprint } from './fingerprint.ts';

jest.setTimeout(60_000);

let world: World;
afterEach(() => world?.close());

/** A module with every bad habit. It needs to import nothing: what it takes is handed to it. */
const FAULTY = `
import { spawn } from 'node:child_process';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
console.log('noise before the start');
export default ({ definePlugin, z }) => {
  const command = (run, input = z.strictObject({})) => ({ description: 'A test', input, run });
  return definePlugin({
    commands: {
      fine: command(() => { console.log('noise'); console.error('more noise'); process.stdout.write('{"half'); return 'fine'; }),
      typed: command(({ count, name }) => ({ doubled: count * 2, name }), z.strictObject({ count: z.number(), name: z.string() })),
      list: command(() => [1, 2]),
      nothing: command(() => undefined),
      written: { description: 'Its schema is written out', input: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }, run: ({ n }) => String(n) },
      throws: command(() => { throw new Error('it does not work'); }),
      crash: command(() => { setTimeout(() => { throw new Error('out of nowhere'); }); return new Promise(() => {}); }),
      exit: command(() => process.exit(7)),
      spin: command(() => { for (;;); }),
      hang: command(() => new Promise(() => {})),
      stops: command((_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve))),
      huge: command(() => 'x'.repeat(12 * 1024 * 1024)),
      large: command(() => 'x'.repeat(9 * 1024 * 1024)),
      child: command(() => { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000) // ' + process.cwd()], { stdio: 'ignore' }); return 'started'; }),
      key: command((_, { idempotencyKey }) => idempotencyKey),
      steps: command(async (_, { progress }) => { progress(1, 2, 'half'); await wait(50); progress(2, 2); return 'done'; }),
      environment: command(() => process.env),
    },
  });
};
`;

async function faulty(): Promise<void> {
  world = makeWorld();
  world.list([await moduleEntry('faulty', world.write('faulty.mjs', FAULTY))]);
}

describe('the example module', () => {
  const entry = async () => ({
    id: 'word-tools',
    kind: 'module' as const,
    path: `${WORD_TOOLS}/index.ts`,
    folder: WORD_TOOLS,
    sha256: await fingerprint(WORD_TOOLS),
  });

  it('offers its commands, and runs them', async () => {
    world = makeWorld([await entry()]);
    expect(await world.call('word-tools', 'slugify', { text: 'Crème Brûlée, hot!' })).toEqual({
      content: 'creme-brulee-hot',
    });
    const { structured } = await world.call('word-tools', 'readability', ['The cat sat. The dog ran.']);
    expect(structured).toMatchObject({ words: 6, sentences: 2 });
    expect(Number(structured?.ease)).toBeGreaterThan(90);
    const { structured: empty } = await world.call('word-tools', 'readability', ['']);
    expect(empty).toEqual({ words: 0, sentences: 0, ease: 100 });
  });

  it('lists its triggers and templates', async () => {
    world = makeWorld([await entry()]);
    await until(() => world.view('word-tools').status === 'running', 'it runs');
    const { commands, triggers, templates } = world.view('word-tools');
    expect(commands.map(({ name, readOnly }) => [name, readOnly])).toEqual([
      ['readability', true],
      ['slugify', true],
    ]);
    expect(commands[0]?.outputSchema).toMatchObject({ properties: { words: { type: 'integer' } } });
    expect(triggers).toMatchObject([{ type: 'word_count', configSchema: { type: 'object' } }]);
    expect(templates).toMatchObject([{ id: 'check-readability', definition: { name: 'Check readability' } }]);
  });
});

describe('a local module', () => {
  it('may print what it likes: that is no answer', async () => {
    await faulty();
    for (let turn = 0; turn < 3; turn++)
      expect(await world.call('faulty', 'fine')).toEqual({ content: 'fine' });
  });

  it('answers text, data, or nothing', async () => {
    await faulty();
    expect(await world.call('faulty', 'typed', ['21', 'Ann'])).toEqual({
      content: '{"doubled":42,"name":"Ann"}',
      structured: { doubled: 42, name: 'Ann' },
    });
    expect(await world.call('faulty', 'list')).toEqual({ content: '[1,2]' });
    expect(await world.call('faulty', 'nothing')).toEqual({ content: '' });
    expect(await world.call('faulty', 'written', { n: 5 })).toEqual({ content: '5' });
    expect((await world.call('faulty', 'large')).content).toHaveLength(9 * 1024 * 1024);
  });

  it('is told the idempotency key, and reports progress', async () => {
    await faulty();
    expect(await world.call('faulty', 'key', {}, { idempotencyKey: 'e/s' })).toEqual({ content: 'e/s' });
    const seen: Json[] = [];
    const onProgress = (progress: Json) => void seen.push(progress);
    await world.call('faulty', 'steps', {}, { onProgress });
    expect(seen[0]).toEqual({ progress: 1, total: 2, message: 'half' });
  });

  it('refuses arguments its schema does not allow', async () => {
    await faulty();
    const wrong: JsonObject[] = [{ count: 'x', name: 'n' }, { name: 'n' }, { count: 1, name: 'n', extra: 1 }];
    for (const given of wrong)
      expect(await failureOf(world.call('faulty', 'typed', given))).toMatchObject({
        code: 'plugin.bad_arguments',
      });
    expect(await failureOf(world.call('faulty', 'written', { n: 'no' }))).toMatchObject({
      code: 'plugin.bad_arguments',
    });
    expect(await failureOf(world.call('faulty', 'typed', ['many', 'Ann']))).toMatchObject({
      code: 'plugin.bad_arguments',
    });
  });

  it('fails the step when a command throws, and goes on running', async () => {
    await faulty();
    expect(await failureOf(world.call('faulty', 'throws'))).toMatchObject({
      code: 'plugin.command_failed',
      message: expect.stringContaining('it does not work'),
    });
    expect(await world.call('faulty', 'fine')).toEqual({ content: 'fine' });
  });

  it.each([
    ['crash', 'plugin.died', 'out of nowhere'],
    ['exit', 'plugin.died', 'exit code 7'],
    ['huge', 'plugin.output_too_large', '10485760'],
  ])('that does %s takes only itself down, and is there for the next call', async (command, code, says) => {
    await faulty();
    const failure = await failureOf(world.call('faulty', command));
    expect(failure).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(await world.call('faulty', 'fine')).toEqual({ content: 'fine' });
  });

  it.each(['spin', 'hang'])('that does not stop when told (%s) is ended within 5 s', async (command) => {
    await faulty();
    await world.call('faulty', 'fine');
    const [pid = 0] = processesWith(`${world.folder}/faulty.mjs`);
    const stop = new AbortController();
    const call = world.call('faulty', command, {}, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('called off')), 100);
    await expect(call).rejects.toThrow('called off');
    await until(() => !processesWith(`${world.folder}/faulty.mjs`).includes(pid), 'it has ended');
    // Its end may not have been noticed yet; then one call is lost with it.
    const next = () => world.call('faulty', 'fine');
    expect(await next().catch(next)).toEqual({ content: 'fine' });
  });

  it('that stops when told is not ended', async () => {
    await faulty();
    await world.call('faulty', 'fine');
    const before = processesWith(`${world.folder}/faulty.mjs`);
    const stop = new AbortController();
    const call = world.call('faulty', 'stops', {}, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('called off')), 100);
    await expect(call).rejects.toThrow('called off');
    expect(await world.call('faulty', 'fine')).toEqual({ content: 'fine' });
    expect(processesWith(`${world.folder}/faulty.mjs`)).toEqual(before);
  });

  it('takes what it started with it', async () => {
    await faulty();
    await world.call('faulty', 'child');
    const mark = `// ${world.folder}/plugins/faulty`;
    expect(processesWith(mark)).toHaveLength(1);
    await failureOf(world.call('faulty', 'exit'));
    await until(() => processesWith(mark).length === 0, 'its child has ended', 5_000);
  });

  it('that cannot be loaded says why', async () => {
    world = makeWorld();
    const cases = {
      syntax: ['export default {', 'Unexpected end'],
      none: ['export const a = 1;', 'no default export'],
      both: [
        'const c = { description: "", input: {}, run() {} }; export default { actions: { a: c }, commands: { a: c } }',
        'both an action and a command',
      ],
      template: [
        'export default { templates: { t: { title: "", description: "", definition: { name: "T", steps: [{ type: "nothing" }] } } } }',
        'The template "t" is no workflow',
      ],
    };
    const entries = Object.entries(cases).map(([id, [text = '']]) =>
      moduleEntry(id, world.write(`${id}.mjs`, text)),
    );
    world.list(await Promise.all(entries));
    for (const [id, [, says]] of Object.entries(cases))
      expect(await failureOf(world.call(id, 'x'))).toMatchObject({
        code: 'plugin.not_started',
        message: expect.stringContaining(says ?? ''),
      });
    expect(world.view('syntax')).toMatchObject({ status: 'failed', error: { code: 'plugin.not_started' } });
  });
});

describe('plugins whose owner is killed', () => {
  const OWNER = fileURLToPath(new URL('./tests/owner.ts', import.meta.url));

  it.each(['module', 'server'])('end too, even in the midst of an endless loop (%s)', async (kind) => {
    world = makeWorld();
    const folder = `${world.folder}/owned`;
    const source =
      kind === 'module'
        ? FAULTY
        : `process.stdin.on('data', (data) => { for (const line of String(data).trim().split('\\n')) {
            const { id, method } = JSON.parse(line);
            if (method === 'tools/call') for (;;);
            const result = method === 'initialize'
              ? { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }
              : { tools: [{ name: 'spin', inputSchema: { type: 'object' } }] };
            if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
          } });`;
    const path = world.write('owned/faulty.mjs', source);
    const entry = kind === 'module' ? await moduleEntry('it', path) : await scriptEntry('it', path);
    world.write('owned/plugins.yaml', JSON.stringify({ plugins: [entry] }));
    const owner = spawn(process.execPath, ['--import', 'tsx', OWNER, folder, 'it'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    expect(processesWith(path)).toHaveLength(1);
    owner.kill('SIGKILL');
    await until(() => processesWith(path).length === 0, 'the plugin has ended', 5_000);
  });
});
