import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { schemaProblems } from '#shared/definition/issues.ts';
import type { Problem } from '#shared/definition/problem.ts';
import { readSource } from '#shared/definition/source.ts';
import { AppError } from '#shared/errors.ts';
import type { Json } from '#shared/json.ts';
import { didYouMean } from '#shared/suggest.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case');

const shape = {
  id: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,62}$/,
      'must be made of a-z, 0-9, - and _, and begin with a letter or digit',
    ),
  kind: z.enum(['mcp', 'module']),
  command: z.string().min(1).optional(),
  path: z.string().min(1).optional(),
  folder: z.string().min(1).optional(),
  args: z.array(z.string()).default([]),
  url: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  sha256: sha256.optional(),
  unpinned: z.literal(true).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  enabled: z.boolean().default(true),
};

type Raw = z.output<z.ZodObject<typeof shape>>;

/** What belongs together in an entry, as [key at fault, what is wrong]. */
function misfits({
  kind,
  command,
  path,
  url,
  folder,
  sha256,
  unpinned,
  args,
  env,
  headers,
}: Raw): [string, string][] {
  const found: [string, string][] = [];
  const problemIf = (key: string, isWrong: boolean, says: string) => {
    if (isWrong) found.push([key, says]);
  };
  const isProgram = url === undefined;
  if (kind === 'module') {
    problemIf('kind', path === undefined, 'a module needs path: the file to load');
    problemIf('command', command !== undefined, 'a module is loaded by the runner; only path belongs here');
    problemIf('url', !isProgram, 'a module is a file; use kind: mcp for a server');
    problemIf('args', args.length > 0, 'a module takes no args');
  } else if (isProgram) {
    problemIf(
      'kind',
      command === undefined && path === undefined,
      'an mcp plugin needs url, or command and/or path',
    );
    problemIf(
      'command',
      path === undefined && unpinned !== true,
      'a command without path is not pinned to a file; add path, or say unpinned: true',
    );
  } else {
    for (const [key, value] of Object.entries({ command, path, folder, sha256, unpinned }))
      problemIf(key, value !== undefined, 'does not belong to a server that is reached by url');
    problemIf('args', args.length > 0, 'does not belong to a server that is reached by url');
    problemIf('env', Object.keys(env).length > 0, 'does not belong to a server that is reached by url');
  }
  problemIf(
    'headers',
    isProgram && Object.keys(headers).length > 0,
    'belongs to a server that is reached by url',
  );
  problemIf(
    'unpinned',
    isProgram && unpinned === true && path !== undefined,
    'what path names is always pinned; leave unpinned out',
  );
  problemIf(
    'sha256',
    isProgram && sha256 !== undefined && path === undefined,
    'there is no path whose hash it could be',
  );
  problemIf('folder', folder !== undefined && path === undefined, 'there is no path that could be in it');
  return found;
}

const entry = z.strictObject(shape).superRefine((value, context) => {
  for (const [key, message] of misfits(value)) context.addIssue({ code: 'custom', path: [key], message });
});

const listSchema = z
  .strictObject({ plugins: z.array(entry).max(100).default([]) })
  .superRefine(({ plugins }, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of plugins.entries()) {
      if (seen.has(id))
        context.addIssue({
          code: 'custom',
          path: ['plugins', index, 'id'],
          message: `"${id}" is listed twice`,
        });
      seen.add(id);
    }
  });

/** What a plugin's files must be: its file, or the folder it is in, and their hash. */
export interface Pin {
  /** The file that is run; absolute. */
  path: string;
  /** What the hash covers: the file itself or a folder around it; absolute. */
  covers: string;
  /** Undefined: never accepted yet. */
  sha256: string | undefined;
}

interface Common {
  id: string;
  kind: 'mcp' | 'module';
  enabled: boolean;
}

/** A plugin with a process of its own. */
export interface ProgramEntry extends Common {
  transport: 'stdio';
  /** Undefined: what `pin` names is itself the program, or a module. */
  command: string | undefined;
  args: string[];
  env: Record<string, string>;
  /** Undefined only where the list says `unpinned`. */
  pin: Pin | undefined;
}

/** An MCP server that is reached over HTTP. */
export interface RemoteEntry extends Common {
  transport: 'http';
  url: URL;
  headers: Record<string, string>;
}

export type PluginEntry = ProgramEntry | RemoteEntry;

function entryOf(raw: Raw, base: string): PluginEntry {
  const { id, kind, enabled, url, headers, command, args, env, path, folder, sha256 } = raw;
  if (url !== undefined) return { id, kind, enabled, transport: 'http', url: new URL(url), headers };
  const file = path === undefined ? undefined : resolve(base, path);
  const pin =
    file === undefined
      ? undefined
      : { path: file, covers: folder === undefined ? file : resolve(base, folder), sha256 };
  return { id, kind, enabled, transport: 'stdio', command, args, env, pin };
}

/** The general advice of a definition's schema says nothing of plugins. */
function advised(problem: Problem): Problem {
  if (problem.code !== 'schema.unknown_key') return problem;
  const key = problem.path.split('.').at(-1) ?? '';
  const known = problem.path.includes('.') ? Object.keys(shape) : ['plugins'];
  return { ...problem, fix: didYouMean(key, known) ?? `The keys are ${known.join(', ')}.` };
}

/** Reads the text of a list of plugins. Never throws; paths in it become absolute, based on `base`. */
export function parseList(text: string, base: string): { entries: PluginEntry[]; problems: Problem[] } {
  const source = readSource(text);
  if (source.problems[0]?.code === 'source.empty') return { entries: [], problems: [] };
  if (source.value === undefined || source.problems.length > 0)
    return { entries: [], problems: source.problems };
  const parsed = listSchema.safeParse(source.value);
  if (!parsed.success) return { entries: [], problems: schemaProblems(parsed.error, source).map(advised) };
  return { entries: parsed.data.plugins.map((raw) => entryOf(raw, base)), problems: [] };
}

const placed = ({ line, column, message }: Problem, file: string): string =>
  line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;

/** The text of a list; undefined where there is none. */
export function readListText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/**
 * The plugins a list names; none where there is no list.
 * @throws AppError `plugin.list_invalid`; its details are the problems, with line and column.
 */
export function entriesOf(text: string | undefined, file: string): PluginEntry[] {
  if (text === undefined) return [];
  const { entries, problems } = parseList(text, dirname(file));
  const [first] = problems;
  if (!first) return entries;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new AppError('plugin.list_invalid', `${placed(first, file)}${more}`, {
    fix: first.fix ?? 'Mend the list; docs/plugins.md shows what it may hold.',
    details: problems as unknown as Json,
  });
}
