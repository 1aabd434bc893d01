import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { cwdInput, messageInput, nameInput, revisionInput } from './_inputs.ts';
import { commitOf, openRepository, type Repository } from './_repository.ts';

const input = z.strictObject({
  cwd: cwdInput,
  operation: z.enum(['list', 'create', 'delete']).default('list').describe('What to do'),
  name: nameInput.optional().describe('Tag to create or delete'),
  revision: revisionInput.default('HEAD').describe('What a new tag names'),
  message: messageInput.optional().describe('Message of a new tag; without one it is a mere name'),
});

const tag = z.object({
  name: z.string().describe('Name'),
  hash: z.string().describe('Hash of the commit it names'),
  message: z.string().nullable().describe('First line of its message; null for a mere name'),
});

async function listTags(repository: Repository): Promise<z.infer<typeof tag>[]> {
  const format = '%(refname:lstrip=2)%00%(objectname)%00%(*objectname)%00%(objecttype)%00%(subject)';
  const { stdout } = await repository.git([
    'for-each-ref',
    `--format=${format}`,
    '--sort=version:refname',
    'refs/tags/',
  ]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', own = '', target = '', type = '', subject = ''] = line.split('\0');
      return { name, hash: target || own, message: type === 'tag' ? subject : null };
    });
}

/** Whether anything had to be done: an attempt before may have done it. */
async function change(
  repository: Repository,
  { operation, name, revision, message }: z.infer<typeof input>,
): Promise<boolean> {
  if (operation === 'list') return false;
  if (name === undefined)
    throw new Terminal('action.invalid_input', `To ${operation} a tag, its name is needed.`, {
      fix: 'Set name.',
    });
  const there = (await listTags(repository)).find((known) => known.name === name);
  if (operation === 'delete') {
    if (there) await repository.git(['tag', '--delete', '--', name]);
    return there !== undefined;
  }
  const hash = await commitOf(repository, revision);
  if (there?.hash === hash && (there.message !== null) === (message !== undefined)) return false;
  const how = message === undefined ? [] : ['--annotate', '--file=-', '--cleanup=whitespace'];
  await repository.git(
    ['tag', '--no-sign', ...how, '--', name, hash],
    message === undefined ? {} : { input: message },
  );
  return true;
}

export default defineAction({
  type: 'git.tag',
  title: 'List, create or delete tags',
  description: 'Lists the tags of a repository, or creates or deletes one. git.push sends them to a remote.',
  icon: 'tag',
  input,
  output: z.object({
    tags: z.array(tag).describe('All tags, by version'),
    changed: z.boolean().describe('Whether one was created or deleted'),
  }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Mark a release',
      input: { operation: 'create', name: 'v1.0.0', message: 'First release' },
      repository: true,
      files: { 'a.txt': 'one' },
      output: { tags: [{ name: 'v1.0.0', message: 'First release' }], changed: true },
    },
  ],
  dryRun: ({ operation, name }) =>
    operation === 'list' ? 'List the tags.' : `Tag ${JSON.stringify(name)}: ${operation}.`,
  async run(attempt) {
    const repository = await openRepository(attempt, attempt.input.cwd);
    const changed = await change(repository, attempt.input);
    return { tags: await listTags(repository), changed };
  },
});
