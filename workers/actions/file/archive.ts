import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import { archiveStreams, formatInput, formatOf, type Member } from './_archive.ts';
import { pathInput, pathOutput } from './_files.ts';
import { progressOf } from './_progress.ts';
import { removeLeftovers, replaceFile, TEMPORARY } from './_replace.ts';
import { type Entry, MOST_ENTRIES, matcherOf, patternInput, typeOf, walk } from './_walk.ts';

/** Paths that were left out, of those that are told. */
const MOST_SKIPPED = 100;

const input = z.strictObject({
  base: pathInput('Folder that the names in the archive begin in').default('.'),
  sources: z
    .array(pathInput('File or folder, below the base'))
    .min(1)
    .max(1000)
    .default(['.'])
    .describe('Files and folders to put in, by their paths below the base; all that is in it unless given'),
  pattern: patternInput('Glob that the path of a file below the base must match, such as **/*.{js,ts}'),
  destination: pathInput('Archive to write'),
  format: formatInput.optional().describe('How it is packed; by the ending of its name unless given'),
  includeHidden: z.boolean().default(true).describe('Put in names that begin with a dot'),
  overwrite: z.boolean().default(true).describe('Replace an archive that is there already'),
});

const output = z.object({
  path: pathOutput,
  format: formatInput.describe('How it is packed'),
  size: z.number().describe('Bytes of the archive'),
  entries: z.number().describe('Files and folders in it'),
  bytes: z.number().describe('Bytes of the files in it'),
  skipped: z
    .array(z.string())
    .describe(`Links, pipes and the like, which were left out; the first ${MOST_SKIPPED}`),
});

type Input = z.infer<typeof input>;

/** What is to be put in, by name, and what cannot be. */
class Selection {
  readonly members = new Map<string, Member>();
  readonly skipped: string[] = [];
  readonly #matches: (path: string) => boolean;
  readonly #base: string;
  readonly #isFiltered: boolean;
  /** The archive itself. */
  readonly #destination: string;

  constructor({ pattern, includeHidden }: Input, base: string, destination: string) {
    this.#matches = matcherOf(pattern, includeHidden);
    this.#isFiltered = pattern !== undefined;
    this.#base = base;
    this.#destination = destination;
  }

  add(entry: Entry): void {
    const name = this.#base === '.' ? entry.path : entry.path.slice(this.#base.length + 1);
    if (entry.path === this.#destination || TEMPORARY.test(entry.name) || name === '') return;
    if (entry.type === 'folder' ? this.#isFiltered : !this.#matches(name)) return;
    if (entry.type === 'link' || entry.type === 'other') {
      if (this.skipped.length < MOST_SKIPPED) this.skipped.push(entry.path);
      return;
    }
    this.members.set(name, { entry, name });
    if (this.members.size > MOST_ENTRIES)
      throw new Terminal('file.too_many', `There are more than ${MOST_ENTRIES} files to archive.`, {
        fix: 'Archive the folders one by one, or narrow the choice down with pattern.',
      });
  }

  /** In order of name, so that the same files give the same archive. */
  sorted(): Member[] {
    return [...this.members.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The entry at a path that was named, which must be there. */
const entryAt = ({ workspace }: Attempt<Input>, path: string): Promise<Entry> =>
  workspace.at(
    path,
    'read',
    async (place) => {
      const stats = await lstat(place.handle);
      return { path: place.path, name: place.path.split('/').at(-1) ?? '', type: typeOf(stats), stats };
    },
    { follow: false },
  );

async function select(attempt: Attempt<Input>, destination: string): Promise<Selection> {
  const { input, workspace, signal } = attempt;
  const base = workspace.relative(workspace.resolve(input.base, 'read'));
  const selection = new Selection(input, base, destination);
  for (const source of input.sources) {
    const entry = await entryAt(attempt, source === '.' ? base : `${base}/${source}`);
    if (base !== '.' && entry.path !== base && !entry.path.startsWith(`${base}/`))
      throw new Terminal('file.not_below', `"${source}" is not below "${base}".`, {
        fix: 'Let base name a folder that holds all sources.',
      });
    if (entry.path !== base) selection.add(entry);
    if (entry.type !== 'folder') continue;
    const search = { workspace, signal, recursive: true, includeHidden: input.includeHidden };
    for await (const found of walk(entry.path, search)) selection.add(found);
  }
  if (selection.members.size > 0) return selection;
  throw new Terminal('file.nothing_to_archive', `There is no file to archive in "${input.base}".`, {
    fix: 'Check base, sources and pattern; the pattern is matched with the path below the base.',
  });
}

export default defineAction({
  type: 'file.archive',
  title: 'Make an archive',
  description:
    'Packs files and folders into a zip, tar or tar.gz. The archive appears whole or not at all, with its members in order of name.',
  icon: 'archive',
  input,
  output,
  effect: 'write',
  idempotent: true,
  defaults: { timeout: 1_800_000 },
  examples: [
    {
      title: 'Pack what a build made',
      input: { base: 'dist', destination: 'release/site.zip' },
      files: { 'dist/index.html': '<h1>Hello</h1>', 'dist/css/a.css': 'h1 { color: red }' },
      output: { path: 'release/site.zip', format: 'zip', entries: 3, bytes: 31, skipped: [] },
    },
    {
      title: 'Keep the logs of a folder',
      input: { base: 'var', pattern: '**/*.log', destination: 'logs.tar.gz' },
      files: { 'var/a.log': 'one', 'var/b/c.log': 'two', 'var/d.txt': 'no log' },
      output: { format: 'tar.gz', entries: 2, bytes: 6 },
    },
  ],
  dryRun: ({ base, sources, pattern, destination }) =>
    `Pack ${sources.join(', ')}${pattern === undefined ? '' : ` (${pattern})`} of ${base} into ${destination}.`,
  async run(attempt) {
    const { input, workspace, signal, report, idempotencyKey: key } = attempt;
    signal.throwIfAborted();
    const format = input.format ?? formatOf(input.destination);
    return workspace.at(
      input.destination,
      'write',
      async (to) => {
        if (attempt.attempt > 1) await removeLeftovers(to, key);
        else if (!input.overwrite && existsSync(to.handle))
          throw new Terminal('file.exists', `"${to.path}" exists already.`, {
            fix: 'Set overwrite, or choose another destination.',
          });
        const selection = await select(attempt, to.path);
        const members = selection.sorted();
        const total = members.reduce(
          (sum, { entry }) => sum + (entry.type === 'file' ? entry.stats.size : 0),
          0,
        );
        const progress = progressOf(report);
        let bytes = 0;
        let size = 0;
        const count = (read: number): void => {
          bytes += read;
          progress({ bytes, total });
        };
        await replaceFile(to, key, async (file) => {
          const streams = archiveStreams(format, members, { workspace, signal, count });
          const sink = new Writable({
            write(chunk: Buffer, _encoding, done) {
              size += chunk.length;
              file.writeFile(chunk).then(() => done(), done);
            },
          });
          await pipeline([...streams, sink], { signal });
        });
        return { path: to.path, format, size, entries: members.length, bytes, skipped: selection.skipped };
      },
      { createFolders: true },
    );
  },
});
