import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadActions } from '../registry.ts';
import { type Bench, makeBench } from './_fixture.ts';

const examples = [...(await loadActions()).values()].flatMap((action) =>
  action.examples.map((example) => ({ name: `${action.type}: ${example.title}`, action, example })),
);

function commitAll(root: string): void {
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '--quiet', '--message=Begin'],
  ])
    execFileSync('git', args, { cwd: root });
}

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

describe('every example of every action', () => {
  it.each(examples.filter(({ example }) => !example.needsNetwork))('$name', async ({ action, example }) => {
    for (const [path, content] of Object.entries(example.files ?? {})) bench.write(path, content);
    if (example.repository) commitAll(bench.root);
    const output = await bench.run(action, example.input);
    expect(output).toMatchObject(example.output as object);
  });

  it.each(examples)(
    '$name: has an input the action takes, and says what it would do',
    ({ action, example }) => {
      const input = action.input.parse(example.input);
      expect(action.dryRun?.(input)).toMatch(/^[A-Z].*\.$/s);
    },
  );
});

describe('every action', () => {
  it('has an example', async () => {
    const without = [...(await loadActions()).values()].filter((action) => action.examples.length === 0);
    expect(without.map(({ type }) => type)).toEqual([]);
  });
});
