import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionSummary, ExecutionView } from '#shared/contract/execution.ts';
import { eventually } from './support/eventually.ts';
import { Product } from './support/product.ts';
import { numbers } from './support/scripted.ts';

jest.setTimeout(600_000);

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKFLOW = 'inbox-report';
const EMPTY = 2;

const isFull = process.env.ACAS_FULL === '1';
const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);

/** Files of the drop during which processes are killed. */
const DISTURBED = isFull ? 200 : 60;

/** Markdown files as they are in the world: what the packages we depend on say of themselves. */
function realFiles(count: number, from: number): string[] {
  const folder = join(ROOT, 'node_modules');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).length > 0)
    .sort();
  const chosen = files.slice(from, from + count);
  if (chosen.length < count) throw new Error(`Only ${files.length} Markdown files lie under node_modules.`);
  return chosen;
}

/** Files put into the inbox, by their paths in the workspace. */
interface Drop {
  full: string[];
  empty: string[];
}

/** Puts real files and empty ones into the inbox, all at once, each in a folder of its own. */
async function drop({ workspace }: Product, name: string, files: string[]): Promise<Drop> {
  const full = files.map((_, n) => `inbox/${name}/${n}/README.md`);
  const empty = Array.from({ length: EMPTY }, (_, n) => `inbox/${name}/empty-${n}.md`);
  const write = async (path: string, put: (to: string) => Promise<void>): Promise<void> => {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await put(join(workspace, path));
  };
  await Promise.all([
    ...full.map((path, n) => write(path, (to) => copyFile(files[n] ?? '', to))),
    ...empty.map((path) => write(path, (to) => writeFile(to, ''))),
  ]);
  return { full, empty };
}

const linesOf = ({ workspace }: Product, file: string): string[] =>
  readFileSync(join(workspace, file), 'utf8').split('\n').filter(Boolean);

const reportOf = (path: string): string => `reports/${path.slice('inbox/'.length)}.json`;

const fileOf = ({ triggeredBy }: ExecutionSummary): string => String(triggeredBy.filePath);

/** What there must be once every file of the drops is done. */
function checkWorkspace(product: Product, drops: Drop[]): void {
  const full = drops.flatMap((one) => one.full).sort();
  const empty = drops.flatMap((one) => one.empty).sort();
  const missing = full.filter((path) => !existsSync(join(product.workspace, reportOf(path))));
  expect(missing).toEqual([]);
  for (const path of full) {
    const report = JSON.parse(readFileSync(join(product.workspace, reportOf(path)), 'utf8')) as {
      path: string;
    };
    expect(report).toMatchObject({ path, words: expect.any(Number), headings: expect.any(Array) });
  }
  const index = linesOf(product, 'index.jsonl').map((line) => JSON.parse(line) as Record<string, string>);
  expect(index.map(({ path }) => path).sort()).toEqual(full);
  expect(index.map(({ report }) => report).sort()).toEqual(full.map(reportOf).sort());
  expect(linesOf(product, 'empty.log').sort()).toEqual(empty);
}

const RAN = {
  full: ['is_empty', 'read', 'facts', 'derived', 'write_report', 'add_to_index'],
  empty: ['is_empty', 'note_empty'],
};

/** Every step that ran is there with what it was given and what it gave. */
function checkSteps({ status, steps, triggeredBy, output, error }: ExecutionView): void {
  const kind = triggeredBy.size === 0 ? 'empty' : 'full';
  expect({ status, error }).toEqual({ status: 'success', error: null });
  const ran = steps.filter((step) => step.status !== 'skipped');
  expect(ran.map(({ id }) => id).sort()).toEqual([...RAN[kind]].sort());
  for (const { id, type, input, output: given, status: end, startTime, endTime } of ran) {
    expect({ id, end }).toEqual({ id, end: 'success' });
    expect([startTime, endTime]).not.toContain(null);
    expect(given).not.toBeNull();
    if (type === 'action') expect({ id, input }).toEqual({ id, input: expect.any(Object) });
  }
  expect(output).toEqual({ report: kind === 'full' ? reportOf(String(triggeredBy.filePath)) : null });
}

describe(`the inbox report of many files (FC_SEED=${SEED})`, () => {
  let product: Product;
  let first: Drop;
  const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;
  const figures: string[] = [];
  beforeAll(async () => {
    product = await Product.start();
    await product.ask(
      'POST',
      '/workflows',
      readFileSync(join(ROOT, 'definitions', `${WORKFLOW}.yaml`), 'utf8'),
    );
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    process.stderr.write(figures.map((line) => `${line}\n`).join(''));
  });

  it('runs once for each of 200 real files and 2 empty ones, and all of it can be read', async () => {
    const since = Date.now();
    first = await drop(product, 'first', realFiles(200, 0));
    const files = [...first.full, ...first.empty].sort();
    const ended = await product.closed(WORKFLOW, files.length, 300_000);
    figures.push(`undisturbed: ${files.length} files in ${seconds(since)}`);
    expect(ended.map(fileOf).sort()).toEqual(files);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['success']));
    checkWorkspace(product, [first]);
    for (const { executionId } of ended) checkSteps(await product.execution(executionId));
  });

  it('does so while the worker is killed twice and everything once', async () => {
    const random = numbers(SEED);
    const before = first.full.length + first.empty.length;
    const since = Date.now();
    const second = await drop(product, 'second', realFiles(DISTURBED, 200));
    const files = [...second.full, ...second.empty].sort();
    const kills: string[] = [];
    const killAfter = async (part: 'worker' | 'all', done: number): Promise<void> => {
      await eventually(
        () => {
          const reports = second.full.filter((path) => existsSync(join(product.workspace, reportOf(path))));
          return reports.length >= done ? true : undefined;
        },
        `${done} reports`,
        120_000,
      );
      kills.push(`${part} after ${seconds(since)}`);
      if (part === 'worker') return product.kill('worker');
      await product.killAll();
      await product.restart();
    };
    await killAfter('worker', Math.ceil((DISTURBED / 4) * random()));
    await killAfter('all', Math.ceil(DISTURBED / 4 + (DISTURBED / 4) * random()));
    await killAfter('worker', Math.ceil(DISTURBED / 2 + (DISTURBED / 4) * random()));
    const ended = await product.closed(WORKFLOW, before + files.length, 240_000);
    const views = await Promise.all(
      ended.filter((one) => files.includes(fileOf(one))).map((one) => product.execution(one.executionId)),
    );
    const again = views.flatMap(({ steps }) => steps.filter(({ attempt }) => attempt > 1));
    figures.push(
      `disturbed: ${files.length} files in ${seconds(since)}; killed ${kills.join(', ')}; steps that took ${
        Math.max(1, ...again.map(({ attempt }) => attempt)) > 1 ? 'more than one attempt' : 'one attempt'
      }: ${again.length}`,
    );
    expect(ended.filter(({ status }) => status !== 'success')).toEqual([]);
    expect(views.map(fileOf).sort()).toEqual(files);
    for (const view of views) checkSteps(view);
    checkWorkspace(product, [first, second]);
  });
});
