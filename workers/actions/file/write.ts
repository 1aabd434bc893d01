import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { appendOnce } from './_append.ts';
import { encodingInput, pathInput, pathOutput } from './_files.ts';
import { removeLeftovers, replaceFile } from './_replace.ts';

const input = z.strictObject({
  path: pathInput('File to write'),
  content: z.json().describe('Text to write; a list or an object is written as JSON'),
  append: z.boolean().default(false).describe('Add to the end of the file instead of replacing it'),
  encoding: encodingInput
    .default('utf8')
    .describe('What the text stands for: characters, or bytes as base64 or hex'),
  createFolders: z.boolean().default(true).describe('Make the folders that are missing'),
});

const output = z.object({
  path: pathOutput,
  size: z.number().describe('Bytes of the file afterwards'),
  bytesWritten: z.number().describe('Bytes of the content'),
  appended: z.boolean().describe('Whether the content was added to the end'),
  created: z.boolean().describe('Whether the file is new'),
});

/** Node drops what is not base64 or hex without a word; half a file must not pass for a whole one. */
const PATTERNS = { base64: /^[A-Za-z0-9+/\s]*={0,2}\s*$/, hex: /^([0-9a-fA-F]{2})*$/ };

function bytesOf({ content, encoding }: z.infer<typeof input>): Buffer {
  const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2);
  if ((encoding === 'base64' || encoding === 'hex') && !PATTERNS[encoding].test(text))
    throw new Terminal('file.bad_encoding', `The content is not ${encoding}.`, {
      fix: 'Set encoding to utf8 to write the text as it is.',
    });
  return Buffer.from(text, encoding);
}

export default defineAction({
  type: 'file.write',
  title: 'Write a file',
  description:
    'Writes text or JSON to a file. Replacing is atomic; appending happens exactly once even if the step is retried.',
  icon: 'file-pen',
  input,
  output,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Write a report',
      input: { path: 'reports/today.md', content: '# All is well\n' },
      output: { path: 'reports/today.md', size: 14, bytesWritten: 14, appended: false, created: true },
    },
    {
      title: 'Add a line to a log',
      input: { path: 'log.txt', content: 'second\n', append: true },
      files: { 'log.txt': 'first\n' },
      output: { size: 13, bytesWritten: 7, appended: true, created: false },
    },
    { title: 'Write an object as JSON', input: { path: 'a.json', content: { a: 1 } }, output: { size: 12 } },
  ],
  dryRun: ({ path, content, append }) =>
    `${append ? 'Append' : 'Write'} ${typeof content === 'string' ? `${content.length} characters` : 'JSON'} to ${path}.`,
  async run({ input, workspace, home, idempotencyKey, attempt, signal }) {
    signal.throwIfAborted();
    const bytes = bytesOf(input);
    const { path, append, createFolders } = input;
    const bytesWritten = bytes.length;
    if (append)
      return workspace.atSync(
        path,
        'write',
        (place) => ({
          path: place.path,
          bytesWritten,
          appended: true,
          ...appendOnce(place, home, idempotencyKey, bytes),
        }),
        { createFolders },
      );
    return workspace.at(
      path,
      'write',
      async (place) => {
        if (attempt > 1) await removeLeftovers(place, idempotencyKey);
        const created = await replaceFile(place, idempotencyKey, (file) => file.writeFile(bytes, { signal }));
        return { path: place.path, size: bytesWritten, bytesWritten, appended: false, created };
      },
      { createFolders },
    );
  },
});
