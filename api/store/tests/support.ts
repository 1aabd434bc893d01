import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import Database from 'better-sqlite3';
import pg from 'pg';
import type { ArchivedStep, ExecutionToArchive } from '../execution-record.ts';
import { openStore, type Store } from '../store.ts';
import type { NewWorkflow } from '../workflows.ts';

/** Resolves to the address of a database nothing was ever stored in. */
export type FreshUrl = () => Promise<string>;

export interface Opened {
  store: Store;
  url: string;
}

const tables = [
  ...['step_executions', 'workflow_executions', 'workflow_triggers', 'workflow_versions', 'workflows'],
  ...['watermarks', 'audit', 'blobs', 'secrets', 'chat_messages', 'chat_sessions'],
];

async function clear(url: string): Promise<void> {
  const statements = url.startsWith('postgres')
    ? [`truncate ${tables.join(', ')}`]
    : tables.map((table) => `delete from ${table}`);
  for (const statement of statements) await runSql(url, statement);
}

/** One store for the block, emptied after every test; closed after the last. */
export function storePerBlock(freshUrl: FreshUrl): () => Opened {
  let opened: Opened | undefined;
  beforeAll(async () => {
    const url = await freshUrl();
    opened = { url, store: await openStore({ url }) };
  });
  afterEach(async () => {
    if (opened !== undefined) await clear(opened.url);
  });
  afterAll(async () => {
    await opened?.store.close();
  });
  return () => {
    if (opened === undefined) throw new Error('Only inside a test.');
    return opened;
  };
}

/** A store on a database of its own for every test of the block; closed afterwards. */
export function storePerTest(freshUrl: FreshUrl): () => Opened {
  let opened: Opened | undefined;
  beforeEach(async () => {
    const url = await freshUrl();
    opened = { url, store: await openStore({ url }) };
  });
  afterEach(async () => {
    await opened?.store.close();
    opened = undefined;
  });
  return () => {
    if (opened === undefined) throw new Error('Only inside a test.');
    return opened;
  };
}

/** The `n`th millisecond of the tests' time. */
export const at = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n).toISOString();

export const workflow = (id: string, change: Partial<NewWorkflow> = {}): NewWorkflow => ({
  id,
  name: `Workflow ${id}`,
  description: null,
  authorId: 'ada',
  enabled: true,
  metadata: { tags: [] },
  draft: { source: `id: ${id}`, format: 'yaml', definition: { id, steps: [] } },
  at: at(0),
  ...change,
});

export const draftChange = (name: string, when: number) => ({
  name,
  description: null,
  metadata: { tags: [] },
  source: `name: ${name}`,
  format: 'yaml' as const,
  definition: { name },
  at: at(when),
});

export const publication = (name: string, when: number) => ({
  definition: { name },
  source: `name: ${name}`,
  format: 'yaml' as const,
  authorId: 'ada',
  at: at(when),
});

export const execution = (id: string, change: Partial<ExecutionToArchive> = {}): ExecutionToArchive => ({
  id,
  workflowId: 'review',
  workflowVersion: 1,
  status: 'success',
  triggeredBy: { type: 'manual' },
  context: null,
  variables: {},
  startedAt: at(0),
  endedAt: at(100),
  durationMs: 100,
  output: null,
  errorMessage: null,
  error: null,
  retryOf: null,
  ...change,
});

export const step = (path: string, change: Partial<ArchivedStep> = {}): ArchivedStep => ({
  path,
  stepId: path,
  stepName: `Step ${path}`,
  type: 'action',
  status: 'success',
  attempt: 1,
  startedAt: at(1),
  endedAt: at(2),
  durationMs: 1,
  input: { path },
  output: { ok: true },
  errorMessage: null,
  error: null,
  ...change,
});

/** All pages of a list, `limit` items each. */
export async function pages<T>(
  list: (page: {
    limit: number;
    cursor?: string | undefined;
  }) => Promise<{ items: T[]; nextCursor: string | null }>,
  limit: number,
): Promise<T[][]> {
  const all: T[][] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit, cursor });
    all.push(page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** Runs one statement past the store. */
export async function runSql(url: string, statement: string): Promise<unknown[]> {
  if (!url.startsWith('postgres')) {
    const file = new Database(url);
    try {
      const prepared = file.prepare(statement);
      return prepared.reader ? prepared.all() : [prepared.run()];
    } finally {
      file.close();
    }
  }
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

export interface Child {
  pid: number;
  lines: string[];
  kill(): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;
}

/** Starts a program of this folder in a process of its own. */
export function startChild(program: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errors = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, errors }));
  return { pid: child.pid ?? 0, lines, kill: () => child.kill('SIGKILL'), ended };
}

/**
 * What an error says, whatever its class: the SQLite module is loaded once a process, so in the second test file
 * its errors are no instances of that file's Error.
 */
export const saying = (pattern: RegExp) => ({ message: expect.stringMatching(pattern) });
