import type { Catalog, CatalogAction } from '#shared/catalog/catalog.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';

const HEAD = `# Actions

Written by \`npm run catalog\` from \`workers/actions\`; change it there.
`;

/** A text as the cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const code = (value: Json): string => `\`${JSON.stringify(value)}\``;

/** What a JSON Schema accepts, in a few words. */
function typeText(schema: Json | undefined): string {
  if (!isObject(schema)) return 'any';
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(' or ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    const texts = [...new Set(choices.map(typeText))];
    return texts.length > 4 ? 'any' : texts.join(' or ');
  }
  if (schema.type === 'array') return `list of ${typeText(schema.items)}`;
  return typeof schema.type === 'string' ? schema.type : 'any';
}

interface Row {
  path: string;
  type: string;
  fallback: string;
  meaning: string;
}

function rowsOf(schema: JsonObject, prefix = ''): Row[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, field]) => {
    if (!isObject(field)) return [];
    const fallback =
      field.default === undefined ? (required.includes(name) ? 'required' : '') : code(field.default);
    const path = prefix + name;
    const inner = isObject(field.items) ? rowsOf(field.items, `${path}[].`) : rowsOf(field, `${path}.`);
    return [
      { path: `\`${path}\``, type: typeText(field), fallback, meaning: String(field.description ?? '') },
      ...inner,
    ];
  });
}

const table = (...rows: string[][]): string =>
  rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

const inputTable = (schema: JsonObject): string =>
  table(
    ['parameter', 'type', 'default', 'meaning'],
    ['---', '---', '---', '---'],
    ...rowsOf(schema).map(({ path, type, fallback, meaning }) => [path, type, fallback, meaning]),
  );

const outputTable = (schema: JsonObject): string =>
  table(
    ['output', 'type', 'meaning'],
    ['---', '---', '---'],
    ...rowsOf(schema).map(({ path, type, meaning }) => [path, type, meaning]),
  );

const exampleText = ({ title, input, output }: CatalogAction['examples'][number]): string =>
  [
    `${title}:`,
    '```json',
    JSON.stringify(input, undefined, 2),
    '```',
    ...(output === undefined
      ? []
      : ['gives, among other things:', '```json', JSON.stringify(output, undefined, 2), '```']),
  ].join('\n');

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

function section(action: CatalogAction): string {
  const { type, title, description, effect, idempotent, timeout, retry, input, output, examples } = action;
  const attempts = retry.maximumAttempts === undefined ? '' : ` Attempts: ${retry.maximumAttempts}.`;
  const cutOff = idempotent
    ? 'is run again'
    : 'is not run again where that could do it twice; the step is then `unknown`';
  const facts = `Effect: ${effect}. One attempt takes at most ${seconds(timeout)}.${attempts} An attempt cut off by a dying worker ${cutOff}.`;
  return [
    `## ${type}`,
    `**${title}.** ${description}`,
    facts,
    inputTable(input),
    outputTable(output),
    ...examples.map(exampleText),
  ].join('\n\n');
}

/** The actions as a page of the documentation, in Markdown. */
export function catalogPage({ actions }: Catalog): string {
  const anchor = (type: string): string => type.replaceAll('.', '');
  const rows = actions.map(({ type, title, effect }) => [`[${type}](#${anchor(type)})`, title, effect]);
  const all = table(['action', 'what it does', 'effect'], ['---', '---', '---'], ...rows);
  return `${[HEAD, all, ...actions.map(section)].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
