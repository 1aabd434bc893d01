import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { fetchFrom } from './_fetch.ts';
import { cwdInput, nameInput, remoteInput, tokenInput, usernameInput } from './_inputs.ts';
import { openRepository } from './_repository.ts';

export default defineAction({
  type: 'git.fetch',
  title: 'Fetch',
  description: 'Gets commits, branches and tags from a remote, without changing the working tree.',
  icon: 'arrow-down-to-line',
  input: z.strictObject({
    cwd: cwdInput,
    remote: remoteInput,
    branch: nameInput.optional().describe('Only this branch; what the remote is set up for when absent'),
    prune: z.boolean().default(false).describe('Whether to forget branches that the remote no longer has'),
    tags: z.boolean().default(false).describe('Whether all tags are fetched'),
    depth: z.int().min(1).optional().describe('Only so many commits of each branch'),
    token: tokenInput,
    username: usernameInput,
  }),
  output: z.object({
    updated: z
      .array(
        z.object({
          ref: z.string().describe('Full name, such as refs/remotes/origin/main'),
          from: z.string().nullable().describe('Hash before; null if it is new'),
          to: z.string().nullable().describe('Hash after; null if it was removed'),
        }),
      )
      .describe('Branches and tags that changed'),
  }),
  effect: 'write',
  idempotent: true,
  defaults: { timeout: 300_000 },
  examples: [{ title: 'Get what is new', input: { prune: true }, needsNetwork: true }],
  dryRun: ({ remote, branch }) => `Fetch ${branch ?? 'all branches'} from ${remote}.`,
  async run(attempt) {
    const { input } = attempt;
    const repository = await openRepository(attempt, input.cwd);
    const refs = async (): Promise<Map<string, string>> => {
      const { stdout } = await repository.git([
        'for-each-ref',
        '--format=%(refname) %(objectname) %(symref)',
      ]);
      return new Map(
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(' '))
          // origin/HEAD is but another name.
          .filter(([, , symref]) => !symref)
          .map(([ref = '', hash = '']) => [ref, hash] as const),
      );
    };
    const before = await refs();
    await fetchFrom(repository, input);
    const after = await refs();
    const names = [...new Set([...before.keys(), ...after.keys()])].sort();
    const updated = names
      .map((ref) => ({ ref, from: before.get(ref) ?? null, to: after.get(ref) ?? null }))
      .filter(({ from, to }) => from !== to);
    return { updated };
  },
});
