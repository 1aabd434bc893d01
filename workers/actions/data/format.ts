import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { csvInput, formatInput, work } from './_text.ts';

const input = z.strictObject({
  format: formatInput.describe('What to make; front_matter is Markdown with a YAML head'),
  data: z
    .json()
    .describe('csv, jsonl: a list. xml: an object with one key. front_matter: { attributes, body }'),
  ...csvInput,
  escapeFormulas: z
    .boolean()
    .default(false)
    .describe(
      "csv: put ' before texts that a spreadsheet would run as formulas. Set it where strangers wrote the data and people open the file in one; programs would read the ' as a part of the text",
    ),
  indent: z.int().min(0).max(8).default(2).describe('json, yaml, xml: spaces for each level; 0 for one line'),
});

export default defineAction({
  type: 'data.format',
  title: 'Write data as text',
  description: 'Makes a text out of data: JSON, JSON Lines, YAML, CSV, XML or Markdown with front matter.',
  icon: 'file-code',
  input,
  output: z.object({ text: z.string().describe('The text') }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Write a table',
      input: {
        format: 'csv',
        data: [
          { name: 'Ada', total: 2 },
          { name: 'B, ob', note: 'new' },
        ],
      },
      output: { text: 'name,total,note\nAda,2,\n"B, ob",,new\n' },
    },
    {
      title: 'Write the head of a page',
      input: { format: 'front_matter', data: { attributes: { title: 'Hello' }, body: '# Hello\n' } },
      output: { text: '---\ntitle: Hello\n---\n# Hello\n' },
    },
  ],
  dryRun: ({ format }) => `Write data as ${format}.`,
  async run({ input: { format, data, header, delimiter, escapeFormulas, indent }, signal }) {
    const options = { header, delimiter, escapeFormulas, indent };
    const text = await work({ job: 'format', format, options, payload: JSON.stringify(data) }, signal);
    return { text: String(text) };
  },
});
