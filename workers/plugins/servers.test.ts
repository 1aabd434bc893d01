import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import { Retryable, Terminal } from '../action.ts';
import execute from '../actions/plugin/execute.ts';
import {
  EVERYTHING,
  FILESYSTEM,
  failureOf,
  makeWorld,
  processesWith,
  scriptEntry,
  until,
  type World,
} from './_fixture.ts';

jest.setTimeout(60_000);

/** Stands in the command line of this file's servers, for other files start the same. */
const MARK = `of-${process.pid}-servers`;

let world: World;
afterEach(() => world?.close());

/** Waits until the plugin runs, and gives its process. */
async function processOf(id: string, mark: string): Promise<number> {
  await until(() => world.view(id).status === 'running', `${id} runs`);
  return until(() => processesWith(mark)[0], `${id} has a process`);
}

describe('the public filesystem server', () => {
  it('is started, lists its commands, and reads and writes files by name or by a list of arguments', async () => {
    world = makeWorld();
    const path = world.write('data/a.txt', 'hello');
    const data = join(world.folder, 'data');
    world.list([await scriptEntry('files', FILESYSTEM, [data])]);
    expect(await world.call('files', 'read_text_file', { path })).toMatchObject({ content: 'hello' });
    expect((await world.call('files', 'read_text_file', [path])).content).toBe('hello');
    await world.call('files', 'write_file', [join(data, 'b.txt'), 'new']);
    expect(readFileSync(join(data, 'b.txt'), 'utf8')).toBe('new');
    const view = world.view('files');
    expect(view).toMatchObject({ kind: 'mcp', status: 'running' });
    expect(view.commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['read_text_file', 'write_file']),
    );
    expect(view.commands.find(({ name }) => name === 'read_text_file')).toMatchObject({ readOnly: true });
    expect(view.commands.find(({ name }) => name === 'write_file')).toMatchObject({ readOnly: false });
  });

  it('fails a step with what the server said, and names the commands there are', async () => {
    world = makeWorld();
    world.list([await scriptEntry('files', FILESYSTEM, [world.folder])]);
    const refused = await failureOf(world.call('files', 'read_text_file', { path: '/etc/passwd' }));
    expect(refused).toBeInstanceOf(Terminal);
    expect(refused).toMatchObject({
      code: 'plugin.command_failed',
      message: expect.stringContaining('Access denied'),
    });
    expect(await failureOf(world.call('files', 'read_text_fil'))).toMatchObject({
      code: 'plugin.unknown_command',
      fix: 'did you mean "read_text_file"?',
    });
    expect(await failureOf(world.call('file', 'x'))).toMatchObject({ code: 'plugin.unknown' });
  });

  it('is there for the action, and says what a command takes', async () => {
    world = makeWorld();
    world.list([await scriptEntry('files', FILESYSTEM, [world.folder])]);
    const { description, inputSchema } = await world.manager.describe('files', 'list_directory');
    expect(description).toContain('directory');
    expect(inputSchema).toMatchObject({ type: 'object', properties: { path: { type: 'string' } } });
    const signal = new AbortController().signal;
    const given = { input: { pluginId: 'files', command: 'list_directory', arguments: [world.folder] } };
    const attempt = {
      ...given,
      signal,
      plugins: world.manager,
      report: () => undefined,
      idempotencyKey: 'e/s',
    };
    const output = await execute.run(attempt as unknown as Parameters<typeof execute.run>[0]);
    expect(execute.output.parse(output).content).toContain('plugins.yaml');
  });
});

describe('the public everything server', () => {
  it('gives data, and reports progress', async () => {
    world = makeWorld([await scriptEntry('every', EVERYTHING, ['stdio', MARK])]);
    const seen: Json[] = [];
    const onProgress = (progress: Json) => void seen.push(progress);
    const given = { duration: 0.2, steps: 2 };
    const long = await world.call('every', 'trigger-long-running-operation', given, { onProgress });
    expect(long.content).toContain('completed');
    expect(seen[0]).toEqual({ progress: 1, total: 2 });
    const weather = await world.call('every', 'get-structured-content', { location: 'Chicago' });
    expect(weather.structured).toMatchObject({ temperature: expect.any(Number) });
    expect((await world.call('every', 'get-tiny-image')).content).toMatch(/\[image\/png, \d+ bytes\]/);
  });

  it('is told of a cancel, which ends the call at once and leaves the server running', async () => {
    world = makeWorld([await scriptEntry('every', EVERYTHING, ['stdio', MARK])]);
    const pid = await processOf('every', MARK);
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('cancelled'));
    const given = { duration: 60, steps: 600 };
    const long = world.call('every', 'trigger-long-running-operation', given, {
      onProgress,
      signal: stop.signal,
    });
    await expect(long).rejects.toThrow('cancelled');
    expect((await world.call('every', 'echo', { message: 'still here' })).content).toContain('still here');
    expect(processesWith(MARK)).toEqual([pid]);
  });

  it('is started again when it is killed; a call in flight may be tried again', async () => {
    world = makeWorld([await scriptEntry('every', EVERYTHING, ['stdio', MARK])]);
    const pid = await processOf('every', MARK);
    const given = { duration: 60, steps: 600 };
    const onProgress = () => process.kill(pid, 'SIGKILL');
    const died = await failureOf(
      world.call('every', 'trigger-long-running-operation', given, { onProgress }),
    );
    expect(died).toBeInstanceOf(Retryable);
    expect(died).toMatchObject({ code: 'plugin.died', message: expect.stringContaining('SIGKILL') });
    expect((await world.call('every', 'echo', { message: 'again' })).content).toContain('again');
    expect(await processOf('every', MARK)).not.toBe(pid);
  });

  it('is started again by itself', async () => {
    world = makeWorld([await scriptEntry('every', EVERYTHING, ['stdio', MARK])]);
    const pid = await processOf('every', MARK);
    process.kill(pid, 'SIGKILL');
    await until(() => processesWith(MARK).some((other) => other !== pid), 'a new process');
    await until(() => world.view('every').status === 'running', 'it runs again');
  });

  it('gets the allowed environment and its own, and nothing of the runner', async () => {
    process.env.ACAS_TEST_CANARY = 'canary-in-the-environment';
    const entry = await scriptEntry('every', EVERYTHING, ['stdio', MARK], { env: { OWN: 'yes' } });
    world = makeWorld([entry]);
    const pid = await processOf('every', MARK);
    delete process.env.ACAS_TEST_CANARY;
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    expect(variables).toContain('OWN=yes');
    expect(variables.join()).not.toContain('canary');
    const names = variables.map((variable) => variable.split('=')[0] ?? '');
    expect(['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'OWN']).toEqual(expect.arrayContaining(names));
  });

  it('ends with the manager, and when it is no longer listed', async () => {
    world = makeWorld([await scriptEntry('every', EVERYTHING, ['stdio', MARK])]);
    const pid = await processOf('every', MARK);
    world.list([]);
    await until(() => !processesWith(MARK).includes(pid), 'the process has ended');
    expect(await failureOf(world.call('every', 'echo'))).toMatchObject({ code: 'plugin.unknown' });
  });
});
