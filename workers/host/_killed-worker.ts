// A worker process for a test to kill: each of its actions writes down its attempts, and hangs the first time.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { z } from 'zod';
import { type Action, defineAction } from '../action.ts';
import { bundleWorkflows, createWorker } from '../worker.ts';
import { makeHost } from './_runner.ts';

/** Hangs in its first attempt; what it did is a line for each attempt in a file of its step's name. */
export const hangsOnce = (type: string, idempotent: Action['idempotent']): Action =>
  defineAction({
    type,
    title: '',
    description: '',
    icon: '',
    input: z.object({ name: z.string() }),
    output: z.json(),
    effect: 'write',
    idempotent,
    examples: [],
    async run({ input: { name }, workspace, report, progress, attempt }) {
      const path = join(workspace.root, name);
      appendFileSync(path, `${attempt}\n`);
      if (readFileSync(path, 'utf8').split('\n').length > 2) return { attempt, progress: progress ?? null };
      report('half way');
      return new Promise<never>(() => undefined);
    },
  });

/** The actions of the test, in the process to be killed as in the one that comes after it. */
export const killedActions: Action[] = [
  hangsOnce('test.repeatable', true),
  hangsOnce('test.single', false),
  hangsOnce('test.depends', (input) => (input as { name: string }).name.startsWith('again')),
];

const [address, taskQueue, folder] = process.argv.slice(2);
if (process.argv[1]?.endsWith('_killed-worker.ts') && address && taskQueue && folder) {
  const connection = await NativeConnection.connect({ address });
  const actions = new Map(killedActions.map((action) => [action.type, action]));
  const parts = {
    connection,
    namespace: 'default',
    actions,
    host: makeHost(folder),
    code: await bundleWorkflows(),
    taskQueue,
  };
  const worker = await createWorker(parts);
  const running = worker.run();
  process.stdout.write('running\n');
  await running;
}
