import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { defineAction, defineCommand, definePlugin, defineTrigger } from '../../workers/plugins/define.ts';
import { readability } from './readability.ts';
import { WordCount } from './word-count.ts';

/** Milliseconds between two looks at a text. */
const LOOK_EVERY = 1_000;

const text = z.string().max(1_000_000);

const slugify = (value: string): string =>
  value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** An example of a local module: two small tools for texts, an event, and a workflow that uses them. */
export default definePlugin({
  commands: {
    slugify: defineCommand({
      title: 'Make a slug',
      description: 'Turns a title into what can stand in a file name or a URL.',
      effect: 'read',
      input: z.strictObject({ text: text.describe('The title') }),
      run: ({ text }) => slugify(text),
    }),
  },
  actions: {
    readability: defineAction({
      title: 'Measure readability',
      description:
        'Counts words and sentences, and says how easy an English text is to read (Flesch reading ease).',
      effect: 'read',
      input: z.strictObject({ text: text.describe('An English text') }),
      output: z.object({
        words: z.int(),
        sentences: z.int(),
        ease: z.number().describe('0 is very hard, 100 very easy'),
      }),
      run: ({ text }) => readability(text),
    }),
  },
  triggers: {
    word_count: defineTrigger({
      title: 'Word count reached',
      description:
        'A text has reached another thousand words, or whatever number is given. Each number counts once.',
      config: z.strictObject({
        path: z.string().startsWith('/').describe('The absolute path of the text'),
        every: z.int().min(1).default(1_000).describe('Words from one event to the next'),
      }),
      sample: { path: '/home/me/novel.md', reached: 2_000, words: 2_013 },
      async start({ path, every }, { emit, signal }) {
        const count = new WordCount(path, every);
        for (;;) {
          await count.look((reached, words) => emit({ path, reached, words }, { key: `${path} ${reached}` }));
          await pause(LOOK_EVERY, undefined, { signal });
        }
      },
    }),
  },
  templates: {
    'check-readability': {
      title: 'Check how readable a file is',
      description: 'Reads a text and fails when it is hard to read.',
      definition: {
        name: 'Check readability',
        variables: [{ name: 'path', type: 'string', default: 'README.md' }],
        steps: [
          {
            id: 'read',
            name: 'Read the text',
            type: 'action',
            action: { type: 'file.read', parameters: { path: '{{ variables.path }}' } },
          },
          {
            id: 'measure',
            name: 'Measure it',
            type: 'action',
            action: {
              type: 'plugin.execute',
              parameters: {
                pluginId: 'word-tools',
                command: 'readability',
                arguments: { text: '{{ steps.read.output.content }}' },
              },
            },
          },
        ],
        output: '{{ steps.measure.output.structured }}',
      },
    },
  },
});
