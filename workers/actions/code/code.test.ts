import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import run from './run.ts';

let bench: Bench;
beforeAll(() => {
  bench = makeBench();
});
afterAll(() => bench.clear());

const resultOf = async (code: string, input: Json = null, more: Record<string, Json> = {}): Promise<Json> =>
  (await bench.run(run, { code, input, ...more })).result;

describe('code.run', () => {
  it.each<[string, Json]>([
    ['return 1 + 1', 2],
    ['return input.a.map((n) => n * 2)', [2, 4]],
    ['await null; return await Promise.all([1, Promise.resolve(2)])', [1, 2]],
    ['const later = () => new Promise((go) => go(3));\nreturn later()', 3],
    ['', null],
    ['return undefined', null],
    ['return () => 1', null],
    ['return new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['return "ü😀".length', 3],
    ['return /(\\d+)-(?<b>x)/u.exec("12-x").groups.b', 'x'],
  ])('computes %s', async (code, expected) => {
    if (code === '') return expect(await resultOf('// nothing', null)).toBe(expected);
    expect(await resultOf(code, { a: [1, 2] })).toEqual(expected);
  });

  it('gives any input back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        const input = JSON.parse(JSON.stringify(value)) as Json;
        expect(await resultOf('return input', input)).toEqual(input);
      }),
      { numRuns: 15 },
    );
  });

  it('keeps what is written to the console, up to a limit', async () => {
    await expect(
      bench.run(run, { code: 'console.log("a", 1, { b: [2] }); console.error(null, undefined)' }),
    ).resolves.toMatchObject({ logs: ['a 1 {"b":[2]}', 'null undefined'], logsTruncated: false });
    const { logs, logsTruncated } = await bench.run(run, {
      code: 'for (let i = 0; i < 20000; i++) console.log("x".repeat(50));',
    });
    expect([logs.length, logsTruncated]).toEqual([1000, true]);
    const huge = await bench.run(run, { code: 'console.log("x".repeat(1e6)); console.log("y".repeat(1e6))' });
    expect(huge.logs.join('').length).toBeLessThanOrEqual(64_000);
  });

  it('says where the code is wrong, and what to do', async () => {
    await expect(resultOf('const a = 1;\nconst b = ;\nreturn a')).rejects.toMatchObject({
      code: 'code.syntax',
      details: { line: 2 },
    });
    await expect(resultOf('const a = 1;\n\nthrow new RangeError("no good");')).rejects.toMatchObject({
      code: 'code.failed',
      message: 'RangeError in line 3: no good',
      details: { line: 3 },
    });
    await expect(resultOf('return require("fs")')).rejects.toMatchObject({
      code: 'code.failed',
      fix: expect.stringContaining('without Node'),
    });
    await expect(resultOf('const a = {}; a.a = a; return a')).rejects.toMatchObject({
      code: 'code.failed',
      fix: expect.stringContaining('circle'),
    });
    await expect(resultOf('return 1n')).rejects.toMatchObject({ fix: expect.stringContaining('BigInt') });
    await expect(resultOf('JSON.parse("{")')).rejects.toMatchObject({ code: 'code.failed' });
    await expect(resultOf('throw { a: 1 }')).rejects.toMatchObject({ message: 'Error: {"a":1}' });
    await expect(resultOf('throw null')).rejects.toMatchObject({ code: 'code.failed' });
    await expect(resultOf('await new Promise(() => {})')).rejects.toMatchObject({
      code: 'code.failed',
      message: expect.stringContaining('nothing settles'),
    });
  });
});

describe('code in code.run', () => {
  const HOST = [
    'process',
    'require',
    'module',
    'global',
    'Buffer',
    'fetch',
    'setTimeout',
    'WebAssembly',
    'workerData',
    'tell',
    'settle',
    'given',
    'begin',
    'std',
    'os',
    'scriptArgs',
  ];

  it('has nothing of the host around it', async () => {
    expect(await resultOf(`return ${JSON.stringify(HOST)}.filter((name) => name in globalThis)`)).toEqual([]);
    const names = await resultOf(
      'return [globalThis.constructor.constructor("return typeof process")(), (async () => {}).constructor("return typeof require")() instanceof Promise, Function("return typeof globalThis.process")(), eval("typeof module")]',
    );
    expect(names).toEqual(['undefined', true, 'undefined', 'undefined']);
  });

  it.each([
    'return globalThis.constructor.constructor("return process")()',
    'return (await import("node:fs")).readFileSync("/etc/passwd", "utf8")',
    'return await import("./_sandbox.mjs")',
    'return this.constructor.constructor("return process.env")()',
    'try { null.f() } catch (e) { return e.constructor.constructor("return process")() }',
    'return console.log.constructor("return process")()',
    'Error.prepareStackTrace = (_, frames) => frames; return new Error().stack[0].getThis().process.env',
    'return new Worker("x")',
    'return new Function.prototype.constructor("return this.process.pid")()',
    'return input.constructor.constructor("return process")()',
    '}); process.exit(1); (async () => {',
    'return Reflect.construct(Function, ["return process"])()',
  ])('does not get out by %s', async (code) => {
    await expect(resultOf(code, {})).rejects.toMatchObject({
      code: expect.stringMatching(/^code\.(failed|syntax)$/),
    });
  });

  it('cannot fool who ran it by changing what things are', async () => {
    expect(
      await resultOf(
        'JSON.stringify = () => "[\\"forged\\"]"; Object.prototype.toJSON = () => 7; return { a: 1 }',
      ),
    ).toBe(7);
    expect(await resultOf('Promise.prototype.then = () => {}; return 1').catch(({ code }) => code)).toMatch(
      /1|code\.failed/,
    );
    expect(await resultOf('String = Object = Error = null; return 1')).toBe(1);
    expect(await resultOf('Array.prototype.map = () => { throw 1 }; console.log = null; return [1]')).toEqual(
      [1],
    );
    await expect(
      resultOf('throw { get name() { throw 1 }, toString() { throw 2 }, toJSON() { throw 3 } }'),
    ).rejects.toMatchObject({ code: 'code.failed' });
    await expect(
      resultOf('throw Object.assign(new Error("x"), { stack: "code.js:999999" })'),
    ).rejects.toMatchObject({ code: 'code.failed' });
  });

  it('cannot reach a prototype of the host by input or result', async () => {
    const input = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    ) as Json;
    await resultOf('return { ...input, x: JSON.parse(\'{"__proto__": {"polluted": 2}}\') }', input);
    await resultOf('Object.prototype.polluted = 3; return {}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  const quick = { timeLimit: 300, memoryLimit: 32 };
  it.each<[string, string]>([
    ['while (true) {}', 'too_slow'],
    ['for (;;) await null', 'too_slow'],
    ['const f = () => Promise.resolve().then(f); await f()', 'too_slow'],
    ['return /^(a+)+$/.test("a".repeat(40) + "b")', 'too_slow'],
    ['return [..."x".repeat(1e6)].sort(() => { while (true); })', 'too_'],
    ['const a = []; while (true) a.push(new Array(1e6).fill(7))', 'too_'],
    ['let s = "x"; while (true) s += s', 'too_|failed'],
    ['return "x".repeat(2 ** 29)', 'too_large|failed'],
    ['return new ArrayBuffer(2 ** 30)', 'too_large|failed'],
    ['const f = () => f(); f()', 'failed'],
    ['const f = () => { try { f() } finally { f() } }; f()', 'too_slow|failed'],
    ['let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a', 'failed|too_'],
    ['let a = 1; for (let i = 0; i < 300; i++) a = { a }; return a', 'none|failed'],
    ['return JSON.parse("[".repeat(1e5))', 'failed|too_'],
    ['while (true) { try { while (true) {} } catch {} }', 'too_slow'],
    ['try { while (true) {} } finally { while (true) {} }', 'too_slow'],
    ['return { get a() { while (true); } }', 'too_slow'],
    ['return { toJSON() { const a = []; while (true) a.push("x".repeat(1e5)) } }', 'too_'],
  ])('is stopped in %s', async (code, expected) => {
    const got = await resultOf(code, null, quick).then(
      () => 'code.none',
      (thrown) => thrown.code,
    );
    expect(got).toMatch(new RegExp(`^code\\.(${expected})`));
  });

  it('may not return more than there is room for', async () => {
    await expect(resultOf('return "x".repeat(11e6)')).rejects.toMatchObject({ code: 'code.too_large' });
  });

  it('lets the worker go on meanwhile', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    await resultOf('while (true) {}', null, quick).catch(() => undefined);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it('stops when it is called off', async () => {
    const controller = new AbortController();
    const running = bench.run(
      run,
      { code: 'while (true) {}', timeLimit: 60_000 },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(new Error('called off')), 200);
    await expect(running).rejects.toThrow('called off');
  });
});
