// What large inputs cost an action: time, and the most memory that a process needs that does nothing else.
// Usage: npx tsx bench/limits.ts [a word of the case's name]
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '#shared/json.ts';
import { makeBench } from '#workers/actions/_fixture.ts';
import { loadActions } from '#workers/registry.ts';
import { openWorkspace } from '#workers/workspace.ts';

const MEGABYTE = 1_000_000;

interface Case {
  type: string;
  input: Json;
}

const CASES: Record<string, Case | undefined> = {
  'nothing but the process': undefined,
  'file.read, 50 MB as base64': {
    type: 'file.read',
    input: { path: 'data.bin', encoding: 'base64', maxBytes: 100 * MEGABYTE },
  },
  'file.hash, 50 MB': { type: 'file.hash', input: { path: 'data.bin' } },
  'file.archive, 50 MB to zip': {
    type: 'file.archive',
    input: { sources: ['data.bin'], destination: 'out.zip' },
  },
  'file.archive, 50 MB to tar.gz': {
    type: 'file.archive',
    input: { sources: ['data.bin'], destination: 'out.tar.gz' },
  },
  'file.extract, 50 MB of zip': { type: 'file.extract', input: { path: 'in.zip', destination: 'zip' } },
  'file.extract, 50 MB of tar.gz': {
    type: 'file.extract',
    input: { path: 'in.tar.gz', destination: 'tar' },
  },
  'data.aggregate, CSV of 100,000 rows': {
    type: 'data.aggregate',
    input: {
      path: 'rows.csv',
      groupBy: 'group',
      metrics: [
        { name: 'sum', operation: 'sum', field: 'value' },
        { name: 'p95', operation: 'percentile', percent: 95, field: 'value' },
      ],
    },
  },
  'data.sort, CSV of 100,000 rows': {
    type: 'data.sort',
    input: { path: 'rows.csv', by: [{ field: 'value', descending: true }] },
  },
  'shell.run, 10,000 lines of output': {
    type: 'shell.run',
    input: { command: 'seq', args: ['10000'] },
  },
  'shell.run, 100 MB of output': {
    type: 'shell.run',
    input: { command: 'head', args: ['-c', String(100 * MEGABYTE), '/dev/zero'] },
  },
};

/** Half noise, half text: what packs neither perfectly nor not at all. */
function writeData(path: string): void {
  const file = openSync(path, 'w');
  for (let block = 0; block < 50; block++) {
    const noise = Buffer.concat(
      Array.from({ length: 7813 }, (_, index) => createHash('sha512').update(`${block}.${index}`).digest()),
    );
    writeSync(file, noise.subarray(0, MEGABYTE / 2));
    writeSync(file, Buffer.alloc(MEGABYTE / 2, `Line of text number ${block} of the file.\n`));
  }
  closeSync(file);
}

function writeRows(path: string): void {
  const file = openSync(path, 'w');
  writeSync(file, 'id,group,value,note\n');
  for (let row = 0; row < 100_000; row++)
    writeSync(file, `${row},g${row % 50},${(row * 7919) % 10_007},a note of some length for row ${row}\n`);
  closeSync(file);
}

async function runAction(root: string, { type, input }: Case): Promise<void> {
  const action = (await loadActions()).get(type);
  if (!action) throw new Error(`There is no action ${type}.`);
  const bench = makeBench({ workspace: openWorkspace(root) });
  try {
    await bench.run(action, input);
  } finally {
    bench.clear();
  }
}

/** In a process of its own: one case, and what it took as JSON. */
async function child(root: string, name: string): Promise<void> {
  const one = CASES[name];
  // Loading the library of actions belongs to every case alike.
  await loadActions();
  const start = performance.now();
  if (one) await runAction(root, one);
  const milliseconds = performance.now() - start;
  process.stdout.write(JSON.stringify({ milliseconds, peak: process.resourceUsage().maxRSS }));
}

function measure(root: string, name: string): string[] {
  const self = fileURLToPath(import.meta.url);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', self, '--child', root, name],
    { encoding: 'utf8' },
  );
  if (status !== 0) return [name, 'failed', stderr.trim().split('\n').at(-1) ?? ''];
  const { milliseconds, peak } = JSON.parse(stdout) as { milliseconds: number; peak: number };
  return [name, `${Math.round(milliseconds)} ms`, `${Math.round(peak / 1024)} MiB`];
}

function main(word: string): void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'acas-limits-')));
  const root = join(folder, 'workspace');
  for (const path of [root, join(folder, 'home')]) mkdirSync(path);
  try {
    writeData(join(root, 'data.bin'));
    writeRows(join(root, 'rows.csv'));
    for (const format of ['zip', 'tar.gz']) prepare(root, format);
    const rows = Object.keys(CASES)
      .filter((name) => name.includes(word))
      .map((name) => measure(root, name));
    for (const [name = '', time = '', peak = ''] of [['case', 'time', 'peak memory'], ...rows])
      process.stdout.write(`${name.padEnd(40)}${time.padStart(10)}${peak.padStart(14)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The archives to unpack are made by the action itself, in a process that is not measured. */
function prepare(root: string, format: string): void {
  const self = fileURLToPath(import.meta.url);
  const name = `file.archive, 50 MB to ${format}`;
  execFileSync(process.execPath, ['--import', 'tsx', self, '--child', root, name]);
  execFileSync('mv', [join(root, `out.${format}`), join(root, `in.${format}`)]);
}

const [, , flag = '', root = '', name = ''] = process.argv;
if (flag === '--child') await child(root, name);
else main(flag);
