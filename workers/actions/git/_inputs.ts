import { z } from 'zod';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const REVISION = /^(?!-)[^\x00-\x20\x7f:\\]+$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const NAME = /^(?![-/.])(?!.*(\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$))[^\x00-\x20\x7f~^:?*[\\]+$/;

export const cwdInput = z
  .string()
  .default('.')
  .describe('Folder of the repository, relative to the workspace');

/** A commit by hash, branch, tag, or relative to one; never an option. */
export const revisionInput = z
  .string()
  .max(1_000)
  .regex(REVISION, 'must be a revision: a hash, a branch, a tag or such as HEAD~2; it must not begin with -');

/** The name of a branch or tag. */
export const nameInput = z
  .string()
  .max(250)
  .regex(NAME, 'must be a name that git allows: no spaces, no ~ ^ : ? * [ \\, not beginning with - / or .');

export const remoteInput = nameInput.default('origin').describe('Name of the remote');

export const pathsInput = z
  .array(
    z
      .string()
      .min(1)
      .regex(/^[^\0]*$/),
  )
  .max(10_000);

/** A text for git that is not an option's beginning: git gets it as `--name=text`. */
export const filterInput = z
  .string()
  .min(1)
  .max(500)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\x00-\x1f\x7f]*$/, 'must be one line');

export const tokenInput = z
  .string()
  .min(1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\x00-\x20\x7f]*$/, 'must be one word')
  .optional()
  .describe('Access token for an https remote, from a secret');

export const usernameInput = z
  .string()
  .min(1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\x00-\x20\x7f:]*$/, 'must be one word without :')
  .default('x-access-token')
  .describe('User name that goes with the token; most servers take any');

export const authorInput = z
  .strictObject({
    name: filterInput.regex(/^[^<>]*$/).describe('Name'),
    email: filterInput.regex(/^[^<>\s]*$/).describe('Address'),
  })
  .optional()
  .describe("Author; the repository's own user, or else ACAS Runner <runner@localhost>, when absent");

export const messageInput = z
  .string()
  .max(100_000)
  .regex(/\S/, 'must not be empty')
  .regex(/^[^\0]*$/, 'must not hold a NUL character');

/** Variables that make an author. */
export const authorVariables = (author: z.infer<typeof authorInput>): Record<string, string> =>
  author ? { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email } : {};

export const conflictsOutput = z
  .array(
    z.object({
      path: z.string().describe('File, relative to the top of the repository'),
      reason: z.string().describe('What both sides did to it, such as "both modified"'),
    }),
  )
  .describe('Files that the two sides changed in ways that do not fit together');
