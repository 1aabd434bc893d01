// Reads and writes texts of many formats, and checks data by JSON Schema, in a thread that can be ended at any moment:
// some texts are made to take for ever. Nothing of what is read is ever run.
import { isIP } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { cellValue } from './_cells.mjs';

const { job, format, options, payload } = workerData;

const isYaml = format === 'yaml' || format === 'front_matter';

/** A library that this job needs: loading all of them would take longer than most jobs. */
const needed = (isNeeded, name) => (isNeeded ? import(name) : {});

const { LineCounter, parseAllDocuments, stringify: stringifyYaml } = await needed(isYaml, 'yaml');
const { parse: parseCsv } = await needed(format === 'csv', 'csv-parse/sync');
const { stringify: stringifyCsv } = await needed(format === 'csv', 'csv-stringify/sync');
const { XMLBuilder, XMLParser } = await needed(format === 'xml', 'fast-xml-parser');
const { Ajv2020 } = await needed(job === 'validate', 'ajv/dist/2020.js');

/** Aliases may make so many copies of a value, counted as the library does. */
const MOST_ALIASES = 100;

/** Levels of XML; deeper is no document. */
const DEEPEST_XML = 100;

class Wrong extends Error {
  constructor(message, place = {}) {
    super(message);
    this.place = place;
  }
}

const firstLine = (text) =>
  String(text)
    .split('\n')[0]
    .replace(/ at line \d+, column \d+:?$/, '');

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new Wrong(firstLine(thrown.message));
  }
}

function parseLines(text) {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line)];
    } catch (thrown) {
      throw new Wrong(thrown.message, { line: index + 1 });
    }
  });
}

function parseYaml(text, { documents }) {
  const counter = new LineCounter();
  // With unique keys each would be compared with each other; a repeated one is looked for below.
  const options = {
    schema: 'core',
    merge: true,
    uniqueKeys: false,
    logLevel: 'silent',
    lineCounter: counter,
  };
  const all = parseAllDocuments(text, options);
  const list = Array.isArray(all) ? all : [];
  for (const document of list) {
    // A warning is a tag that nothing knows: taken for its text, data would become something else.
    const [problem] = [...document.errors, ...document.warnings];
    if (problem)
      throw new Wrong(firstLine(problem.message), {
        line: problem.linePos?.[0].line,
        column: problem.linePos?.[0].col,
      });
    const repeated = repeatedKey(document.contents);
    if (repeated) {
      const { line, col } = counter.linePos(repeated.range[0]);
      throw new Wrong(`The key "${String(repeated.value).slice(0, 100)}" is there twice`, {
        line,
        column: col,
      });
    }
  }
  const values = list.map((document) => document.toJS({ maxAliasCount: MOST_ALIASES }));
  if (documents) return values;
  if (values.length > 1)
    throw new Wrong('There are several documents in the text; set documents to read them as a list');
  return values[0] ?? null;
}

/** A key that stands twice in one map, looked for without recursion. */
function repeatedKey(root) {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const items = node?.items;
    if (!items) continue;
    const seen = new Set();
    for (const item of items) {
      const key = item?.key?.value;
      if (item?.key !== undefined && key !== undefined && key !== '<<') {
        if (seen.has(key)) return item.key;
        seen.add(key);
      }
      if (item?.key === undefined) open.push(item);
      else if (item.value) open.push(item.value);
    }
  }
  return undefined;
}

function parseRows(text, { header, delimiter, typed }) {
  const rows = parseCsv(text, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: false });
  const values = rows.map((row) => row.map((cell) => cellValue(cell, typed)));
  if (!header) return values;
  const [names = [], ...rest] = rows.length === 0 ? [] : [rows[0], ...values.slice(1)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Wrong(`Two columns are called "${twice}"`, { line: 1 });
  return rest.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

function parseXml(text, { typed, lists }) {
  // Entities of the text's own can grow without limit or read files, and nothing needs them.
  if (/<!ENTITY/i.test(text)) throw new Wrong('The XML declares entities, which are not read');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: typed,
    parseAttributeValue: typed,
    numberParseOptions: { leadingZeros: false, hex: false, eNotation: false },
    htmlEntities: true,
    ignoreDeclaration: true,
    maxNestedTags: DEEPEST_XML,
    ...(lists.length > 0 && { isArray: (name) => lists.includes(name) }),
  });
  return parser.parse(text, true);
}

const FRONT = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;

function parseFrontMatter(text, options) {
  const clean = text.replace(/^\uFEFF/, '');
  const found = FRONT.exec(clean);
  if (!found) return { attributes: {}, body: clean };
  const attributes = parseYaml(found[1] ?? '', { ...options, documents: false }) ?? {};
  if (typeof attributes !== 'object' || Array.isArray(attributes))
    throw new Wrong('The front matter is no map of names and values', { line: 1 });
  return { attributes, body: clean.slice(found[0].length) };
}

const PARSERS = {
  json: parseJson,
  jsonl: parseLines,
  yaml: parseYaml,
  csv: parseRows,
  xml: parseXml,
  front_matter: parseFrontMatter,
};

const listOf = (data, format) => {
  if (Array.isArray(data)) return data;
  throw new Wrong(`${format} is made of a list`);
};

const cellText = (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

/** Texts that a spreadsheet would take for a formula get an apostrophe before them. */
const harmless = (value) =>
  typeof value === 'string' && /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(value) ? `'${value}` : value;

function formatRows(data, { header, delimiter, escapeFormulas }) {
  const rows = listOf(data, 'csv');
  const isNamed = rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
  if (!isNamed && !rows.every(Array.isArray))
    throw new Wrong('csv is made of a list of objects, or of a list of lists');
  const names = isNamed ? [...new Set(rows.flatMap((row) => Object.keys(row)))] : [];
  const cells = rows.map((row) =>
    isNamed ? names.map((name) => (Object.hasOwn(row, name) ? row[name] : null)) : row,
  );
  const all = [...(isNamed && header ? [names] : []), ...cells].map((row) =>
    row.map((value) => (escapeFormulas ? harmless(cellText(value)) : cellText(value))),
  );
  return stringifyCsv(all, { delimiter, cast: { boolean: (value) => String(value) } });
}

const XML_NAME = /^[\p{L}_:][\p{L}\p{N}_.:-]*$/u;

/** Names become a part of the text as they are. */
function checkNames(value) {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (!Array.isArray(value) && name !== '#text' && !XML_NAME.test(name.replace(/^@/, '')))
      throw new Wrong(`"${name.slice(0, 100)}" is no name in XML`);
    checkNames(item);
  }
}

function formatXml(data, { indent }) {
  const isRooted =
    typeof data === 'object' && data !== null && !Array.isArray(data) && Object.keys(data).length === 1;
  if (!isRooted) throw new Wrong('xml is made of an object with one key, the name of the outermost element');
  checkNames(data);
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: indent > 0,
    indentBy: ' '.repeat(indent),
    suppressBooleanAttributes: false,
  });
  return builder.build(data);
}

function formatFrontMatter(data) {
  const { attributes = {}, body = '' } = data ?? {};
  return `---\n${stringifyYaml(attributes)}---\n${body}`;
}

const FORMATTERS = {
  json: (data, { indent }) => `${JSON.stringify(data, undefined, indent)}\n`,
  jsonl: (data) =>
    listOf(data, 'jsonl')
      .map((item) => `${JSON.stringify(item)}\n`)
      .join(''),
  yaml: (data, { indent }) =>
    stringifyYaml(data, { indent: Math.max(1, indent), lineWidth: 0, aliasDuplicateObjects: false }),
  csv: formatRows,
  xml: formatXml,
  front_matter: formatFrontMatter,
};

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/i;
const isDate = (text) => DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** The formats that JSON Schema names and that people use. */
const CHECKS = {
  date: isDate,
  time: (text) => TIME.test(text),
  'date-time': (text) => {
    const [date, time, more] = text.split(/[Tt ]/);
    return more === undefined && isDate(date) && TIME.test(time ?? '') && /[Zz]$|[+-]\d\d:\d\d$/.test(text);
  },
  email: (text) => /^[^\s@"]{1,64}@[^\s@]+$/.test(text) && HOST.test(text.slice(text.indexOf('@') + 1)),
  hostname: (text) => HOST.test(text),
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  uri: (text) => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
};

/** Problems that are told. */
const MOST_PROBLEMS = 100;

function validate(data, { schema }) {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: true,
    logger: false,
    messages: true,
  });
  for (const [name, check] of Object.entries(CHECKS))
    ajv.addFormat(name, { type: 'string', validate: check });
  let check;
  try {
    // Schemas of other drafts say which, and most of them read the same.
    const { $schema, ...rest } = schema;
    check = ajv.compile(/draft\/2020-12/.test(String($schema)) ? schema : rest);
  } catch (thrown) {
    throw new Wrong(`The schema is wrong: ${firstLine(thrown.message)}`);
  }
  const valid = check(data);
  const errors = (check.errors ?? [])
    .slice(0, MOST_PROBLEMS)
    .map(({ instancePath, keyword, message, params }) => {
      const missing = keyword === 'required' ? `/${params.missingProperty}` : '';
      const extra = params.additionalProperty === undefined ? '' : `: ${params.additionalProperty}`;
      return { path: instancePath + missing, rule: keyword, message: `${message}${extra}` };
    });
  return { valid, errors };
}

/** Levels of data; what reads it further on goes down level by level. */
const DEEPEST = 200;

function checkDepth(value) {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new Wrong(`The data is nested more than ${DEEPEST} levels deep`);
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return value;
}

let answer;
try {
  const given = job === 'parse' ? payload : JSON.parse(payload);
  if (job === 'parse')
    answer = { result: JSON.stringify(checkDepth(PARSERS[format](given, options) ?? null)) };
  else if (job === 'format') answer = { result: JSON.stringify(FORMATTERS[format](given, options)) };
  else answer = { result: JSON.stringify(validate(given, options)) };
} catch (thrown) {
  const place = thrown instanceof Wrong ? thrown.place : {};
  const at = thrown?.lines === undefined ? {} : { line: thrown.lines };
  answer = { error: { message: firstLine(thrown?.message ?? thrown).slice(0, 500), ...at, ...place } };
}
parentPort.postMessage(answer);
