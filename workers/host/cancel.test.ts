import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import { eventually } from '../../test/support/eventually.ts';
import { testAddress } from '../../test/support/temporal.ts';
import type { Action } from '../action.ts';
import { loadActions } from '../registry.ts';
import { type Runner, startRunner } from './_runner.ts';

let runner: Runner;
beforeAll(async () => {
  const registry = await loadActions();
  runner = await startRunner(await testAddress(), [...registry.values()] as Action[]);
}, 60_000);
afterAll(() => runner.close(), 30_000);

/** Processes whose command line holds a text. */
const programsWith = (text: string): number =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(text);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  }).length;

/** Threads of this process: what computes has one of its own. */
const threads = (): number => readdirSync('/proc/self/task').length;

const names = (): string[] => readdirSync(runner.root, { recursive: true, encoding: 'utf8' }).sort();

const CASES: [string, JsonObject, (() => boolean) | undefined][] = [
  ['shell.run', { command: 'sh', args: ['-c', 'sleep 297.25 & wait'] }, () => programsWith('297.25') > 1],
  [
    'file.archive',
    { base: 'd', destination: 'a.tar.gz' },
    () => names().some((name) => name.includes('.acas-')),
  ],
  ['data.transform', { input: null, expression: '($f := function($n) { $f($n + 1) }; $f(0))' }, undefined],
  ['code.run', { code: 'while (true) {}', timeLimit: 60_000 }, undefined],
];

describe('an execution that is cancelled while an action is at work', () => {
  it.each(CASES)(
    'ends and leaves nothing: %s',
    async (type, parameters, isAtWork) => {
      mkdirSync(join(runner.root, 'd'), { recursive: true });
      writeFileSync(join(runner.root, 'd/a'), '');
      truncateSync(join(runner.root, 'd/a'), 8_000_000_000);
      const before = names();
      const idle = threads();
      const handle = await runner.start([{ id: 's', action: { type, parameters } }]);
      await eventually(isAtWork ?? (() => threads() > idle), 'it is at work');
      await handle.cancel();
      const { steps } = await runner.stateOf(handle);
      expect(steps.s?.status).toBe('cancelled');
      await eventually(() => programsWith('297.25') === 0, 'no program is left');
      await eventually(() => names().join() === before.join(), 'no temporary file is left');
    },
    60_000,
  );
});
