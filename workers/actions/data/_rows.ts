import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { messageOf } from '#shared/errors.ts';
import { isObject, type Json } from '#shared/json.ts';
import { type Attempt, Terminal } from '../../action.ts';
import { chunksOf, openFile, pathInput } from '../file/_files.ts';
import { cellValue } from './_cells.mjs';
import { makePace } from './_pace.ts';
import { csvInput } from './_text.ts';

/** Longest line of a file, in characters. */
const LONGEST_ROW = 1_000_000;

/** Most rows that an action holds at once. */
export const MOST_ROWS = 200_000;

/** A path into an item, with dots. */
export const fieldInput = z.string().min(1).max(200);

/** Where the rows of an action come from. */
export const rowsInput = {
  items: z.array(z.json()).optional().describe('The list'),
  path: pathInput('File that holds the list instead, a CSV or JSON Lines').optional(),
  fileFormat: z
    .enum(['csv', 'jsonl'])
    .optional()
    .describe('What the file is; by the ending of its name unless given'),
  ...csvInput,
  typed: z
    .boolean()
    .default(true)
    .describe('csv: read numbers, true, false and empty fields as such; 007 and the like stay texts'),
};

const shape = z.strictObject(rowsInput);

export type Rows = z.infer<typeof shape>;

export const hasOneSource = ({ items, path }: Pick<Rows, 'items' | 'path'>): boolean =>
  (items === undefined) !== (path === undefined);

export const ONE_SOURCE = 'give either items or path';

/** Where the rows come from, in words. */
export const sourceText = ({ items, path }: Pick<Rows, 'items' | 'path'>): string =>
  path ?? `${items?.length ?? 0} items`;

const badRow = (path: string, why: string, cause?: unknown): Terminal =>
  new Terminal('data.bad_input', `"${path}" cannot be read: ${why}.`, {
    fix: 'Correct the file at this place; check fileFormat, header and delimiter.',
    cause,
  });

async function* csvRows(
  bytes: Readable,
  path: string,
  { header, delimiter, typed }: Rows,
): AsyncGenerator<Json> {
  const parser = bytes.pipe(
    parse({ bom: true, delimiter, skip_empty_lines: true, max_record_size: LONGEST_ROW }),
  );
  bytes.once('error', (thrown) => parser.destroy(thrown));
  let names: string[] | undefined;
  try {
    for await (const row of parser as AsyncIterable<string[]>) {
      const values = row.map((cell) => cellValue(cell, typed));
      if (!header) yield values;
      else if (names) yield Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
      else names = columnNames(row, path);
    }
  } catch (thrown) {
    if (!String((thrown as NodeJS.ErrnoException).code).startsWith('CSV_')) throw thrown;
    throw badRow(path, messageOf(thrown), thrown);
  }
}

function columnNames(row: string[], path: string): string[] {
  const twice = row.find((name, index) => row.indexOf(name) !== index);
  if (twice !== undefined) throw badRow(path, `two columns are called "${twice}"`);
  return row;
}

async function* jsonRows(bytes: Readable, path: string): AsyncGenerator<Json> {
  let line = 0;
  const lines = createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY });
  // The interface does not pass on what its input fails with, which would end the process.
  bytes.once('error', () => lines.close());
  for await (const text of lines) {
    line += 1;
    if (text.length > LONGEST_ROW)
      throw badRow(path, `line ${line} is longer than ${LONGEST_ROW} characters`);
    if (text.trim() === '') continue;
    try {
      yield JSON.parse(text) as Json;
    } catch (thrown) {
      throw badRow(path, `line ${line} is not JSON (${messageOf(thrown)})`, thrown);
    }
  }
  if (bytes.errored) throw bytes.errored;
}

function formatOf(path: string, given: Rows['fileFormat']): 'csv' | 'jsonl' {
  if (given) return given;
  if (/\.(csv|tsv|txt)$/i.test(path)) return 'csv';
  if (/\.(jsonl|ndjson)$/i.test(path)) return 'jsonl';
  throw badRow(path, 'its name does not say whether it is CSV or JSON Lines');
}

/**
 * The rows, one by one; those of a file are read as they are asked for, so that files of any size take little memory.
 * @throws Terminal `data.bad_input`, and what opening the file throws
 */
export async function* rowsOf({ workspace, signal }: Attempt<unknown>, rows: Rows): AsyncGenerator<Json> {
  const { items, path } = rows;
  if (path === undefined) {
    const pace = makePace(signal);
    for (const item of items ?? []) {
      if (pace.isDue()) await pace.rest();
      yield item;
    }
    return;
  }
  const format = formatOf(path, rows.fileFormat);
  const file = await workspace.at(path, 'read', openFile);
  try {
    const bytes = Readable.from(chunksOf(file, signal), { objectMode: false });
    yield* format === 'csv' ? csvRows(bytes, path, rows) : jsonRows(bytes, path);
    signal.throwIfAborted();
  } finally {
    await file.close();
  }
}

/** All rows at once. Throws `data.too_large` where they are too many. */
export async function allRows(attempt: Attempt<unknown>, rows: Rows): Promise<Json[]> {
  if (rows.items) return rows.items;
  const all: Json[] = [];
  for await (const row of rowsOf(attempt, rows)) {
    all.push(row);
    if (all.length > MOST_ROWS) throw tooMany('The file has');
  }
  return all;
}

export const tooMany = (what: string): Terminal =>
  new Terminal('data.too_large', `${what} more than ${MOST_ROWS} rows.`, {
    fix: 'Split the file, or narrow it down first; data.aggregate reads files of any length.',
  });

/** The value at a path of own properties, or null. */
export function valueAt(item: Json, field: string | undefined): Json {
  let value: Json = item;
  for (const name of field?.split('.') ?? []) {
    if (Array.isArray(value)) value = value[Number(name)] ?? null;
    else value = isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
  }
  return value;
}

/** A text that is the same for equal values, whatever the order of their keys. */
export function keyText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(keyText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${keyText(value[name] ?? null)}`).join(',')}}`;
}
