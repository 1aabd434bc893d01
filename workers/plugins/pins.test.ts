import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { failureOf, makeWorld, moduleEntry, processesWith, until, type World } from './_fixture.ts';
import { fingerprint } from './fingerprint.ts';

jest.setTimeout(60_000);

let world: World;
afterEach(() => world?.close());

const MODULE = (answer: string): string =>
  `export default { commands: { ask: { description: 'Answers', input: { type: 'object' }, run: () => '${answer}' } } };`;

describe('a plugin whose files are not the accepted ones', () => {
  it('is not loaded; the error gives the hash to accept, and accepting it loads the plugin', async () => {
    world = makeWorld();
    const path = world.write('one.mjs', MODULE('first'));
    const entry = await moduleEntry('one', path);
    world.write('one.mjs', MODULE('second'));
    world.list([entry]);
    const actual = await fingerprint(path);
    const failure = await failureOf(world.call('one', 'ask'));
    expect(failure).toMatchObject({
      code: 'plugin.changed',
      message: expect.stringContaining(actual),
      fix: `If you trust what is there now, write sha256: ${actual} into the entry "one" of plugins.yaml.`,
      details: { pluginId: 'one', path, sha256: actual },
    });
    expect(world.view('one')).toMatchObject({
      status: 'changed',
      error: { code: 'plugin.changed' },
      commands: [],
    });
    expect(processesWith(path)).toEqual([]);
    world.list([{ ...entry, sha256: actual }]);
    expect(await world.call('one', 'ask')).toEqual({ content: 'second' });
  });

  it('is not loaded either where it was never accepted', async () => {
    world = makeWorld();
    const path = world.write('one.mjs', MODULE('first'));
    world.list([{ id: 'one', kind: 'module', path }]);
    const failure = await failureOf(world.call('one', 'ask'));
    expect(failure).toMatchObject({
      code: 'plugin.not_pinned',
      fix: expect.stringContaining(await fingerprint(path)),
    });
    expect(world.view('one').status).toBe('changed');
  });

  it('is not started again after it changed while it ran', async () => {
    world = makeWorld();
    const path = world.write('one.mjs', MODULE('first'));
    world.list([await moduleEntry('one', path)]);
    expect(await world.call('one', 'ask')).toEqual({ content: 'first' });
    world.write('one.mjs', MODULE('second'));
    for (const pid of processesWith(path)) process.kill(pid, 'SIGKILL');
    await until(() => world.view('one').status === 'changed', 'the change is seen');
    expect(await failureOf(world.call('one', 'ask'))).toMatchObject({ code: 'plugin.changed' });
  });

  it('may be pinned by its folder, and then every file counts', async () => {
    world = makeWorld();
    world.write('two/lib/part.mjs', "export const answer = 'whole';");
    const source = MODULE('').replace("() => ''", '() => answer');
    const path = world.write('two/index.mjs', `import { answer } from './lib/part.mjs';\n${source}`);
    const folder = join(world.folder, 'two');
    const entry = { id: 'two', kind: 'module' as const, path, folder };
    world.list([{ ...entry, sha256: await fingerprint(folder) }]);
    expect(await world.call('two', 'ask')).toEqual({ content: 'whole' });
    const before = await fingerprint(folder);
    world.write('two/lib/part.mjs', "export const answer = 'other';");
    expect(await fingerprint(folder)).not.toBe(before);
    world.list([{ ...entry, sha256: before, env: { AGAIN: '1' } }]);
    expect(await failureOf(world.call('two', 'ask'))).toMatchObject({ code: 'plugin.changed' });
  });

  it('is refused where what it runs is outside what its hash covers', async () => {
    world = makeWorld();
    world.write('covered/a.mjs', MODULE('a'));
    const path = world.write('elsewhere.mjs', MODULE('b'));
    world.list([
      { id: 'out', kind: 'module', path, folder: join(world.folder, 'covered'), sha256: 'a'.repeat(64) },
    ]);
    expect(await failureOf(world.call('out', 'ask'))).toMatchObject({ code: 'plugin.bad_path' });
  });
});

describe('the hash', () => {
  it('is what sha256sum prints, for a file and for a folder', async () => {
    world = makeWorld();
    const file = world.write('f/b.txt', 'b');
    world.write('f/a/c.txt', 'c');
    const run = (line: string): string =>
      execFileSync('/bin/sh', ['-c', line], { cwd: join(world.folder, 'f') }).toString();
    expect(`${await fingerprint(file)}  b.txt\n`).toBe(run('sha256sum b.txt'));
    const sums = "find . -type f | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum | sha256sum";
    expect(`${await fingerprint(join(world.folder, 'f'))}  -\n`).toBe(run(sums));
  });

  it('covers no links, and nothing that is not there', async () => {
    world = makeWorld();
    world.write('g/a.txt', 'a');
    symlinkSync('/etc/passwd', join(world.folder, 'g/link'));
    await expect(fingerprint(join(world.folder, 'g'))).rejects.toMatchObject({ code: 'plugin.bad_path' });
    await expect(fingerprint(join(world.folder, 'g/link'))).rejects.toMatchObject({
      code: 'plugin.bad_path',
    });
    await expect(fingerprint(join(world.folder, 'none'))).rejects.toMatchObject({ code: 'plugin.bad_path' });
  });
});

describe('a change of the list', () => {
  it('that cannot be read changes nothing but says so', async () => {
    world = makeWorld();
    const entry = await moduleEntry('one', world.write('one.mjs', MODULE('first')));
    world.list([entry]);
    await world.call('one', 'ask');
    const before = processesWith('one.mjs');
    writeFileSync(join(world.folder, 'plugins.yaml'), 'plugins: 5');
    expect(world.manager.all()).toMatchObject({
      items: [{ id: 'one', status: 'running' }],
      error: { code: 'plugin.list_invalid', message: expect.stringMatching(/plugins\.yaml:1:10: /) },
    });
    expect(await world.call('one', 'ask')).toEqual({ content: 'first' });
    expect(processesWith('one.mjs')).toEqual(before);
    expect(await failureOf(world.call('two', 'ask'))).toMatchObject({ code: 'plugin.list_invalid' });
    world.list([entry]);
    expect(world.manager.all().error).toBeUndefined();
  });

  it('that disables a plugin ends it', async () => {
    world = makeWorld();
    const entry = await moduleEntry('one', world.write('one.mjs', MODULE('first')));
    world.list([entry]);
    await world.call('one', 'ask');
    world.list([{ ...entry, enabled: false }]);
    expect(await failureOf(world.call('one', 'ask'))).toMatchObject({ code: 'plugin.disabled' });
    expect(world.view('one').status).toBe('disabled');
    await until(() => processesWith(`${world.folder}/one.mjs`).length === 0, 'it has ended', 5_000);
  });
});
