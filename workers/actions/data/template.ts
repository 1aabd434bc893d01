import { z } from 'zod';
import { parseTemplate, scopeOf } from '#shared/expression/index.ts';
import { evaluateTemplate } from '#shared/expression/render.ts';
import { defineAction } from '../../action.ts';
import { pathInput } from '../file/_files.ts';
import { textAt } from './_text.ts';

/** Largest template, in bytes; the parser remembers the last ones. */
const LARGEST_TEMPLATE = 100_000;

/** What one template may compute: more than an expression of a definition, which all of the run waits for. */
const LIMITS = { fuel: 1_000_000, size: 5_000_000 };

const input = z.strictObject({
  path: pathInput('File that holds the template: text with {{ }}, in the language of the definitions'),
  data: z
    .record(z.string(), z.json())
    .default({})
    .describe('What the template sees, by name: {{ name }} is data.name'),
});

export default defineAction({
  type: 'data.template',
  title: 'Fill in a template',
  description:
    'Fills data into the text of a file. The template stands in a file because those in a definition are filled in before the step begins. {{ list.map(x => x.name).join(", ") }} writes a list.',
  icon: 'text-cursor-input',
  input,
  output: z.object({ text: z.string().describe('The text with the data filled in') }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Write a letter',
      input: { path: 'letter.txt', data: { name: 'Ada', items: [{ title: 'pen' }, { title: 'ink' }] } },
      files: { 'letter.txt': 'Dear {{ name }},\nyou bought {{ items.map(i => i.title).join(" and ") }}.\n' },
      output: { text: 'Dear Ada,\nyou bought pen and ink.\n' },
    },
  ],
  dryRun: ({ path }) => `Fill in ${path}.`,
  async run(attempt) {
    const { path, data } = attempt.input;
    attempt.signal.throwIfAborted();
    const template = parseTemplate(await textAt(attempt, path, LARGEST_TEMPLATE));
    // Of a text that is one expression, the value would keep its type.
    const value = evaluateTemplate({ ...template, exact: undefined }, scopeOf(data), {
      fuel: { left: LIMITS.fuel },
      size: LIMITS.size,
    });
    return { text: String(value) };
  },
});
