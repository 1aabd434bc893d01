import { z } from 'zod';
import { type Attempt, defineAction } from '../../action.ts';
import { pathInput } from '../file/_files.ts';
import { checkText, csvInput, formatInput, textAt, work } from './_text.ts';

const input = z
  .strictObject({
    format: formatInput.describe('What the text is; front_matter is Markdown with a YAML head'),
    text: z.string().optional().describe('The text'),
    path: pathInput('File that holds the text, instead of text').optional(),
    ...csvInput,
    typed: z
      .boolean()
      .default(true)
      .describe('csv, xml: read numbers, true and false as such; 007 and the like stay texts'),
    documents: z.boolean().default(false).describe('yaml: give a list of all documents in the text'),
    lists: z
      .array(z.string())
      .max(100)
      .default([])
      .describe('xml: names of elements that become a list even if there is only one'),
  })
  .refine(({ text, path }) => (text === undefined) !== (path === undefined), 'give either text or path');

const textOf = async (attempt: Attempt<z.infer<typeof input>>): Promise<string> =>
  attempt.input.path === undefined ? (attempt.input.text ?? '') : textAt(attempt, attempt.input.path);

export default defineAction({
  type: 'data.parse',
  title: 'Read data from text',
  description:
    'Makes data out of a text: JSON, JSON Lines, YAML, CSV, XML or Markdown with front matter. In XML, attributes become keys that begin with @.',
  icon: 'file-json',
  input,
  output: z.object({
    data: z.json().describe('The data; of front_matter { attributes, body }, of csv and jsonl a list'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Read a table',
      input: { format: 'csv', text: 'name,total\nAda,2\nBob,007\n' },
      output: {
        data: [
          { name: 'Ada', total: 2 },
          { name: 'Bob', total: '007' },
        ],
      },
    },
    {
      title: 'Read the head of a page',
      input: { format: 'front_matter', path: 'page.md' },
      files: { 'page.md': '---\ntitle: Hello\ntags: [a, b]\n---\n# Hello\n' },
      output: { data: { attributes: { title: 'Hello', tags: ['a', 'b'] }, body: '# Hello\n' } },
    },
    {
      title: 'Read XML',
      input: { format: 'xml', text: '<order id="7"><item>pen</item></order>', lists: ['item'] },
      output: { data: { order: { '@id': 7, item: ['pen'] } } },
    },
  ],
  dryRun: ({ format, path }) => `Read ${format} from ${path ?? 'a text'}.`,
  async run(attempt) {
    const { format, header, delimiter, typed, documents, lists } = attempt.input;
    const text = await textOf(attempt);
    checkText(text, format);
    const options = { header, delimiter, typed, documents, lists };
    return { data: await work({ job: 'parse', format, options, payload: text }, attempt.signal) };
  },
});
