import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acas-setup-'));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a program in the place of npm; it writes down each of its runs. */
const npmIs = (script: string): void => {
  const path = join(folder, 'bin', 'npm');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> '${folder}/calls'\n${script}\n`);
  chmodSync(path, 0o755);
};

const installing = () => npmIs(`mkdir -p '${folder}/node_modules'`);

const setUp = async (): Promise<{ code: number | null; text: string; milliseconds: number }> => {
  const url = new URL('./setup.mjs', import.meta.url).href;
  const code = `const { ensureDependencies, fail } = await import('${url}');
    const begin = performance.now();
    try { ensureDependencies(${JSON.stringify(folder)}); } catch (thrown) { fail(thrown); }
    console.log('took', performance.now() - begin);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, NODE_OPTIONS: '', PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const [exit] = await once(child, 'close');
  return { code: exit, text, milliseconds: Number(/took ([\d.]+)/.exec(text)?.[1]) };
};

const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

describe('ensureDependencies', () => {
  it('installs once, and does nothing from then on', async () => {
    installing();
    const first = await setUp();
    expect(first.text).toContain('Installing dependencies');
    expect((await setUp()).text).not.toContain('Installing dependencies');
    expect(calls()).toEqual(['ci --no-audit --no-fund']);
  });

  it('installs again when the lock file changes or node_modules is gone', async () => {
    installing();
    await setUp();
    writeFileSync(join(folder, 'package-lock.json'), '{"changed":true}');
    await setUp();
    rmSync(join(folder, 'node_modules'), { recursive: true });
    await setUp();
    expect(calls()).toHaveLength(3);
  });

  it('says what to do when the installation fails, and tries again the next time', async () => {
    npmIs('echo "npm error network" >&2; exit 7');
    const { code, text } = await setUp();
    expect(code).toBe(1);
    expect(text).toContain('npm error network');
    expect(text).toContain('"npm install" ended with exit code 7');
    expect(text).not.toContain('    at ');
    expect(existsSync(join(folder, '.acas', 'install.lock'))).toBe(false);
    installing();
    expect((await setUp()).code).toBe(0);
  });

  it('takes the versions of a lock file that "npm ci" refuses', async () => {
    npmIs(`[ "$1" = install ] && mkdir -p '${folder}/node_modules'`);
    expect((await setUp()).code).toBe(0);
    expect(calls()).toEqual(['ci --no-audit --no-fund', 'install --no-save --no-audit --no-fund']);
  });

  it('installs once when two start at the same time', async () => {
    npmIs(`mkdir -p '${folder}/node_modules'; sleep 1`);
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(calls()).toHaveLength(1);
  });
  it('does not wait for one that was killed while it installed', async () => {
    installing();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(join(folder, '.acas'), { recursive: true });
    writeFileSync(join(folder, '.acas', 'install.lock'), String(pid));
    expect((await setUp()).code).toBe(0);
    expect(calls()).toHaveLength(1);
  });
});

describe('nodeProblem', () => {
  it.each([
    ['18.20.0', /needs Node 20\.19 or later; this is 18\.20\.0/],
    ['20.18.3', /20\.18\.3/],
  ])('explains what %s lacks', async (version, expected) => {
    const { nodeProblem } = await loadSetup();
    expect(nodeProblem(version)).toMatch(expected);
  });

  it.each(['20.19.0', '22.0.0', '24.1.0'])('accepts %s', async (version) => {
    const { nodeProblem } = await loadSetup();
    expect(nodeProblem(version)).toBeNull();
  });
});

// By a variable, since TypeScript has no types for a file that runs before it is installed.
const loadSetup = async (): Promise<{ nodeProblem(version: string): string | null }> => {
  const path = './setup.mjs';
  return import(path);
};
