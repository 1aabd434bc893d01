import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { childEnvironment } from '../../host/child-environment.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { Tail } from './_tail.ts';
import run from './run.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

const node = (code: string, ...args: string[]) => ({
  command: process.execPath,
  args: ['-e', code, ...args],
});

const isAlive = (pid: number): boolean => {
  try {
    // A zombie has ended; only its parent has not been told yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('arguments of shell.run', () => {
  const echoed = async (args: string[]): Promise<string[]> => {
    const { stdout } = await bench.run(
      run,
      node('process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...args),
    );
    return JSON.parse(stdout) as string[];
  };

  it('arrive as they are, whatever a shell would make of them', async () => {
    const args = [
      'a b',
      '',
      `"'\``,
      '; touch pwned',
      '$(touch pwned)',
      '`touch pwned`',
      '&& ls',
      '| cat',
      '> pwned',
      'a\nb',
      '-rf',
      '--',
      '*',
      '~',
      '$HOME',
      '\\',
      'ü😀',
    ];
    expect(await echoed(args)).toEqual(args);
    expect(existsSync(join(bench.root, 'pwned'))).toBe(false);
  });

  it('arrive as they are, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
          { maxLength: 5 },
        ),
        async (args) => {
          expect(await echoed(args)).toEqual(args);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('are refused with a NUL, which would cut them', async () => {
    await expect(bench.run(run, { command: 'echo', args: ['a\0b'] })).rejects.toThrow(/NUL/);
  });
});

describe('the environment of shell.run', () => {
  it('holds what is passed on and what the step gives, nothing else of the worker', async () => {
    const environment = childEnvironment({
      PATH: process.env.PATH,
      HOME: '/home/x',
      SECRET_KEY: 'canary',
      DATABASE_URL: 'canary',
      LANG: 'C',
    });
    const { stdout } = await bench.run(
      run,
      { command: 'cat', args: ['/proc/self/environ'], env: { OWN: '1', HOME: '/own' } },
      { environment },
    );
    const names = stdout
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.split('=')[0])
      .sort();
    expect(names).toEqual(['HOME', 'LANG', 'OWN', 'PATH']);
    expect(stdout).toContain('HOME=/own');
    expect(stdout).not.toContain('canary');
  });
});

describe('shell.run', () => {
  it('gives code, outputs and time', async () => {
    const input = {
      ...node('process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3'),
      allowedExitCodes: [0, 3],
    };
    await expect(bench.run(run, input)).resolves.toEqual({
      exitCode: 3,
      stdout: 'out',
      stderr: 'err',
      truncated: false,
      duration: expect.any(Number),
    });
  });

  it('fails with the end of the error output for any other exit code', async () => {
    await expect(bench.run(run, node('console.error("it broke"); process.exit(4)'))).rejects.toMatchObject({
      code: 'shell.exit_code',
      message: expect.stringContaining('exit code 4'),
      details: { exitCode: 4, stderr: 'it broke\n' },
    });
    await expect(bench.run(run, node('process.kill(process.pid, "SIGKILL")'))).rejects.toMatchObject({
      message: expect.stringContaining('SIGKILL'),
    });
  });

  it('says that there is no such program, or that it cannot be run', async () => {
    await expect(bench.run(run, { command: 'no-such-program-here' })).rejects.toMatchObject({
      code: 'shell.not_found',
    });
    bench.write('data.txt', 'no program');
    await expect(bench.run(run, { command: './data.txt' })).rejects.toMatchObject({
      code: 'shell.cannot_start',
    });
  });

  it('runs in the folder it is given, which is in the workspace', async () => {
    mkdirSync(join(bench.root, 'sub'));
    symlinkSync('/', join(bench.root, 'out'));
    const { stdout } = await bench.run(run, { command: 'pwd', cwd: 'sub' });
    expect(stdout.trim()).toBe(join(bench.root, 'sub'));
    for (const cwd of ['..', '/', 'out'])
      await expect(bench.run(run, { command: 'pwd', cwd })).rejects.toMatchObject({
        code: 'file.outside_workspace',
      });
  });

  it('feeds a program, also one that does not want it', async () => {
    await expect(bench.run(run, { command: 'cat', stdin: 'ä'.repeat(200_000) })).resolves.toMatchObject({
      stdout: 'ä'.repeat(200_000),
    });
    await expect(bench.run(run, { command: 'true', stdin: 'x'.repeat(1_000_000) })).resolves.toMatchObject({
      exitCode: 0,
    });
    await expect(bench.run(run, { command: 'cat' })).resolves.toMatchObject({ stdout: '' });
  });

  it('keeps the end of a long output', async () => {
    const input = { ...node('for (let i = 0; i < 200000; i++) console.log(i)'), maxOutput: 20 };
    await expect(bench.run(run, input)).resolves.toMatchObject({
      stdout: '99997\n199998\n199999\n',
      truncated: true,
    });
  });

  it('reports the ends of its outputs while it runs', async () => {
    const reports: Json[] = [];
    const controller = new AbortController();
    const running = bench.run(run, node('console.log("begun"); setInterval(() => {}, 1000)'), {
      signal: controller.signal,
      report: (progress) => void reports.push(progress),
    });
    running.catch(() => undefined);
    await eventually(() => reports.length > 0, 'it reports');
    controller.abort(new Error('called off'));
    await expect(running).rejects.toThrow('called off');
    expect(reports[0]).toEqual({ stdout: 'begun\n', stderr: '' });
  });
});

describe('a program that is called off', () => {
  /** Starts a child that starts a grandchild; both write their process ids, and neither minds a SIGTERM if told so. */
  const family = (stubborn: boolean) => {
    const ignore = stubborn ? 'process.on("SIGTERM", () => {});' : '';
    const grandchild = `${ignore} require('fs').writeFileSync('grandchild', String(process.pid)); setInterval(() => {}, 1000)`;
    return node(`${ignore} require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });
      require('fs').writeFileSync('child', String(process.pid)); setInterval(() => {}, 1000)`);
  };
  const pids = (): number[] =>
    ['child', 'grandchild']
      .map((name) => join(bench.root, name))
      .filter(existsSync)
      .map((path) => Number(readFileSync(path, 'utf8')))
      .filter(Boolean);

  it.each([false, true])('ends with all its children (ignoring SIGTERM: %s)', async (stubborn) => {
    const controller = new AbortController();
    const running = bench.run(run, family(stubborn), { signal: controller.signal });
    running.catch(() => undefined);
    await eventually(() => pids().length === 2, 'both run');
    controller.abort(new Error('called off'));
    await expect(running).rejects.toThrow('called off');
    expect(pids().filter(isAlive)).toEqual([]);
  });

  it('takes what it left running with it when it ends by itself', async () => {
    const leaving = `require('child_process').spawn(process.execPath, ['-e', "require('fs').writeFileSync('grandchild', String(process.pid)); setInterval(() => {}, 1000)"], { stdio: 'inherit' });
      const wait = setInterval(() => { if (require('fs').existsSync('grandchild')) { clearInterval(wait); process.exit(0); } }, 20)`;
    await expect(bench.run(run, node(leaving))).resolves.toMatchObject({ exitCode: 0 });
    expect(pids()).toHaveLength(1);
    expect(pids().filter(isAlive)).toEqual([]);
  });

  it('does not start when it is called off already', async () => {
    await expect(
      bench.run(
        run,
        { command: 'touch', args: ['begun'] },
        { signal: AbortSignal.abort(new Error('called off')) },
      ),
    ).rejects.toThrow('called off');
    expect(existsSync(join(bench.root, 'begun'))).toBe(false);
  });
});

describe('the tail of an output', () => {
  it('is the last bytes, without half a character at its start', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })),
        fc.integer({ min: 1, max: 60 }),
        (texts, limit) => {
          const tail = new Tail(limit);
          for (const text of texts) tail.add(Buffer.from(text));
          const all = texts.join('');
          const kept = tail.text();
          expect(all.endsWith(kept)).toBe(true);
          expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(limit);
          expect(Buffer.byteLength(kept)).toBeGreaterThan(Math.min(limit, Buffer.byteLength(all)) - 4);
          expect(tail.truncated).toBe(Buffer.byteLength(all) > limit);
        },
      ),
    );
  });
});
