import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { readConfig } from '#shared/node/config.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { childEnvironment } from '../../host/child-environment.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import run from './run.ts';
import script from './script.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

const settings = (allow: string[], scripts = false) => ({
  settings: { ...readConfig({}), shell: { allow, scripts } },
});

/** Puts a program into the workspace that says that it was run. */
function trap(path: string): void {
  bench.write(path, '#!/bin/sh\ntouch trapped\necho trapped\n');
  chmodSync(join(bench.root, path), 0o755);
}
const isTrapped = (): boolean => existsSync(join(bench.root, 'trapped'));

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('what shell.run may run', () => {
  it('is nothing by default, and the error says how to change that', async () => {
    await expect(bench.run(run, { command: 'echo' }, { settings: readConfig({}) })).rejects.toMatchObject({
      code: 'shell.off',
      fix: expect.stringContaining('ACAS_SHELL_ALLOW'),
    });
  });

  it('is what is listed by name, and nothing else', async () => {
    await expect(
      bench.run(run, { command: 'echo', args: ['hi'] }, settings(['cat', 'echo'])),
    ).resolves.toMatchObject({ stdout: 'hi\n' });
    for (const command of ['ls', 'ech', 'echo2', 'ECHO', '/bin/echo', './echo', 'x/../echo'])
      await expect(bench.run(run, { command }, settings(['echo']))).rejects.toMatchObject({
        code: 'shell.not_allowed',
        message: expect.stringContaining(JSON.stringify(command)),
      });
  });

  it('is a path only where that path is listed, wherever it is run from', async () => {
    trap('tools/check.sh');
    trap('evil/tools/check.sh');
    const allow = settings(['tools/check.sh', '/bin/echo']);
    await expect(bench.run(run, { command: './tools/check.sh' }, allow)).resolves.toMatchObject({
      stdout: 'trapped\n',
    });
    await expect(bench.run(run, { command: '/bin/echo', args: ['x'] }, allow)).resolves.toMatchObject({
      stdout: 'x\n',
    });
    for (const input of [
      { command: 'check.sh' },
      { command: './tools/check.sh', cwd: 'evil' },
      { command: 'echo' },
      { command: '/bin/../bin/cat' },
    ])
      await expect(bench.run(run, input as Json, allow)).rejects.toMatchObject({ code: 'shell.not_allowed' });
    await expect(bench.run(run, { command: '../tools/check.sh', cwd: 'evil' }, allow)).resolves.toMatchObject(
      { exitCode: 0 },
    );
  });

  it('is never a program of that name which a step put into the workspace', async () => {
    trap('echo');
    trap('bin/echo');
    mkdirSync(join(bench.folder, 'linked'));
    symlinkSync(join(bench.root, 'echo'), join(bench.folder, 'linked/echo'));
    const path = [
      '',
      '.',
      'bin',
      join(bench.root, 'bin'),
      join(bench.folder, 'linked'),
      process.env.PATH,
    ].join(':');
    const more = { ...settings(['echo']), environment: { ...childEnvironment(process.env), PATH: path } };
    await expect(bench.run(run, { command: 'echo', args: ['real'] }, more)).resolves.toMatchObject({
      stdout: 'real\n',
    });
    const own = { command: 'echo', args: ['real'], env: { PATH: `${bench.root}:${process.env.PATH}` } };
    await expect(bench.run(run, own, settings(['echo']))).resolves.toMatchObject({ stdout: 'real\n' });
    const relative = { ...settings(['*']), environment: { PATH: `:.:bin:${process.env.PATH}` } };
    await expect(bench.run(run, { command: 'echo', args: ['real'] }, relative)).resolves.toMatchObject({
      stdout: 'real\n',
    });
    expect(isTrapped()).toBe(false);
  });

  it('is everything with *, also what is on the PATH of the step', async () => {
    copyFileSync('/bin/echo', join(bench.root, 'own-echo'));
    chmodSync(join(bench.root, 'own-echo'), 0o755);
    for (const input of [
      { command: './own-echo', args: ['x'] },
      { command: 'own-echo', args: ['x'], env: { PATH: bench.root } },
    ])
      await expect(bench.run(run, input as Json, settings(['*']))).resolves.toMatchObject({ stdout: 'x\n' });
  });

  it('says that a program is missing, also when a folder or a text has its name', async () => {
    mkdirSync(join(bench.folder, 'p/tool'), { recursive: true });
    mkdirSync(join(bench.folder, 'q'));
    writeFileSync(join(bench.folder, 'q/tool'), 'text');
    const PATH = `${bench.folder}/p:${bench.folder}/q:/nowhere`;
    await expect(
      bench.run(run, { command: 'tool' }, { ...settings(['tool']), environment: { PATH } }),
    ).rejects.toMatchObject({ code: 'shell.not_found' });
  });
});

describe('shell.script', () => {
  it('is off unless it is switched on, whatever programs are allowed', async () => {
    await expect(bench.run(script, { script: 'touch ran' }, settings(['*', 'sh']))).rejects.toMatchObject({
      code: 'shell.scripts_off',
      fix: expect.stringContaining('ACAS_SHELL_SCRIPTS'),
    });
    expect(existsSync(join(bench.root, 'ran'))).toBe(false);
  });

  it.each(['sh', 'bash'])('runs a script by %s, with pipes and arguments', async (shell) => {
    await expect(
      bench.run(
        script,
        { shell, script: 'printf "%s|" "$@" "$#" | tr a-z A-Z', args: ['a b', 'c'] },
        settings([], true),
      ),
    ).resolves.toMatchObject({ stdout: 'A B|C|2|' });
    await expect(
      bench.run(script, { shell, script: 'echo no >&2; exit 7' }, settings([], true)),
    ).rejects.toMatchObject({ code: 'shell.exit_code', details: { exitCode: 7, stderr: 'no\n' } });
  });

  it('never reads a value as a part of the script', async () => {
    const values = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const hostile = fc.constantFrom(
      '; touch pwned',
      '$(touch pwned)',
      '`touch pwned`',
      '"; touch pwned; "',
      "'; touch pwned; '",
      'a\nb',
      '-rf',
      '--',
      '*',
      '\\',
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(values, hostile), fc.oneof(values, hostile), async (one, other) => {
        const input = { script: 'printf "%s\\0%s" "$ONE" "$1"', env: { ONE: one }, args: [other] };
        const { stdout } = await bench.run(script, input, settings([], true));
        expect(stdout.split('\0')).toEqual([one, other]);
      }),
      { numRuns: 25 },
    );
    expect(existsSync(join(bench.root, 'pwned'))).toBe(false);
  });

  it('keeps the script out of reach of a shell in the workspace', async () => {
    trap('sh');
    const environment = { PATH: `${bench.root}:${process.env.PATH}` };
    await expect(
      bench.run(script, { script: 'echo real' }, { ...settings([], true), environment }),
    ).resolves.toMatchObject({ stdout: 'real\n' });
    expect(isTrapped()).toBe(false);
  });

  it('hands on nothing of the environment but what is listed and what the step gives', async () => {
    const environment = childEnvironment({
      PATH: process.env.PATH,
      DATABASE_URL: 'canary',
      ACAS_KEY: 'canary',
      BASH_ENV: 'canary',
      ENV: 'canary',
    });
    const input = { script: 'cat /proc/self/environ', env: { OWN: '1' } };
    const { stdout } = await bench.run(script, input, { ...settings([], true), environment });
    const names = stdout.split('\0').map((entry) => entry.split('=')[0]);
    expect(
      names.filter((name) => name && !['PATH', 'OWN', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)),
    ).toEqual([]);
    expect(stdout).not.toContain('canary');
  });

  it('keeps the end of 10,000 lines', async () => {
    const input = {
      script: 'i=0; while [ $i -lt 10000 ]; do i=$((i+1)); echo "line $i"; done',
      maxOutput: 1000,
    };
    const { stdout, truncated } = await bench.run(script, input, settings([], true));
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThanOrEqual(1000);
    expect(stdout).toMatch(/line 9999\nline 10000\n$/);
  });

  it('ends with all that it started when it is called off', async () => {
    const controller = new AbortController();
    const input = { script: 'sleep 300 & echo $! > child; (trap "" TERM; sleep 300) & echo $$ > own; wait' };
    const running = bench.run(script, input, { ...settings([], true), signal: controller.signal });
    running.catch(() => undefined);
    const pids = (): number[] =>
      ['child', 'own']
        .map((name) => join(bench.root, name))
        .filter(existsSync)
        .map((path) => Number(readFileSync(path, 'utf8')))
        .filter(Boolean);
    await eventually(() => pids().length === 2, 'both run');
    controller.abort(new Error('called off'));
    await expect(running).rejects.toThrow('called off');
    expect(pids().filter(isAlive)).toEqual([]);
  });
});
