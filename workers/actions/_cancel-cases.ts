// For each action of the library, an attempt that is still at work when it is cancelled.
import { closeSync, ftruncateSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Header } from 'tar';
import type { Json } from '#shared/json.ts';
import type { CancelWorld } from './_cancel-world.ts';

/** An attempt to cancel. */
export interface CancelCase {
  /** What is told apart, where an action has several. */
  name?: string;
  input: Json | ((world: CancelWorld) => Json);
  prepare?(world: CancelWorld): void;
  /** Whether it is in the midst of its work; it may be asked before that. Default: as soon as it has begun. */
  isAtWork?(world: CancelWorld): boolean;
  /** Why it cannot be caught in the midst of its work: it is over in moments, with this input. */
  quick?: string;
}

const GIGABYTE = 1_000_000_000;

/** A file that takes long to read and no room on the disk. */
const sparse =
  (path: string, size: number) =>
  ({ bench }: CancelWorld): void => {
    bench.write(path, '');
    truncateSync(join(bench.root, path), size);
  };

/** An archive of one file without end, nearly. */
function sparseTar({ bench }: CancelWorld): void {
  const block = Buffer.alloc(512);
  const size = 2 * GIGABYTE;
  new Header({ path: 'big', mode: 0o644, type: 'File', size, mtime: new Date(0) }).encode(block);
  const file = openSync(join(bench.root, 'big.tar'), 'w');
  writeSync(file, block);
  ftruncateSync(file, Math.ceil(size / 512) * 512 + 512 + 1024);
  closeSync(file);
}

const manyFiles = ({ bench }: CancelWorld): void => {
  for (let folder = 0; folder < 40; folder++) {
    mkdirSync(join(bench.root, `d/${folder}`), { recursive: true });
    for (let file = 0; file < 50; file++) bench.write(`d/${folder}/${file}`, 'x');
  }
};

const isWriting = ({ listing }: CancelWorld): boolean => listing().some((name) => name.includes('.acas-'));
const isConnected = ({ sockets }: CancelWorld): boolean => sockets.size > 0;
const runsPrograms = ({ programs }: CancelWorld): boolean => programs().length > 0;
const isGitAtWork = ({ gitHangs, programs }: CancelWorld): boolean => gitHangs() && programs().length > 1;

const rows = (): Json =>
  Array.from({ length: 50_000 }, (_, id) => ({ id: (id * 7919) % 200_003, g: id % 10 }));
const ROWS_OF: Record<string, string> = { csv: 'n,m\n1,2\n', jsonl: '{"n":1,"m":2}\n{"n":3,"m":4}\n' };
const ETERNAL = '($f := function($n) { $f($n + 1) }; $f(0))';

const FILE: Record<string, CancelCase[]> = {
  'file.archive': ['a.zip', 'a.tar', 'a.tar.gz'].map((destination) => ({
    name: destination,
    prepare: sparse('d/a', 4 * GIGABYTE),
    input: { base: 'd', destination },
    isAtWork: isWriting,
  })),
  'file.copy': [
    { prepare: sparse('a', 4 * GIGABYTE), input: { source: 'a', destination: 'b' }, isAtWork: isWriting },
  ],
  'file.delete': [{ prepare: manyFiles, input: { path: 'd', recursive: true } }],
  'file.extract': [
    {
      prepare: sparseTar,
      input: { path: 'big.tar', destination: 'out', maxBytes: 2 * GIGABYTE },
      isAtWork: isWriting,
    },
  ],
  'file.hash': [{ prepare: sparse('a', 8 * GIGABYTE), input: { path: 'a' } }],
  'file.list': [{ prepare: manyFiles, input: { path: 'd', recursive: true } }],
  'file.move': [
    {
      quick:
        'one system call, whatever is in the folder; between file systems it is a copy, which is cancelled as such',
      prepare: manyFiles,
      input: { source: 'd', destination: 'moved' },
    },
  ],
  'file.read': [
    { prepare: sparse('a', 90_000_000), input: { path: 'a', encoding: 'base64', maxBytes: 100_000_000 } },
  ],
  'file.stat': [{ quick: 'one system call', prepare: sparse('a', GIGABYTE), input: { path: 'a' } }],
  'file.write': [
    { input: { path: 'a.txt', content: 'x'.repeat(20_000_000) }, isAtWork: isWriting },
    {
      name: 'append',
      quick: 'it must not be cut in two: what is appended once begun is appended whole',
      input: { path: 'a.txt', content: 'x'.repeat(20_000_000), append: true },
    },
  ],
};

const DATA: Record<string, CancelCase[]> = {
  'data.aggregate': [
    ...Object.entries(ROWS_OF).map(([ending, text]) => ({
      name: ending,
      prepare: ({ bench }: CancelWorld) => bench.write(`rows.${ending}`, text.repeat(400_000)),
      input: { path: `rows.${ending}`, header: false, metrics: [{ name: 'c', operation: 'count' }] },
    })),
    {
      input: () => ({ items: rows(), groupBy: 'g', metrics: [{ name: 'n', operation: 'sum', field: 'id' }] }),
    },
  ],
  'data.dedupe': [{ input: () => ({ items: rows() }) }],
  'data.filter': [{ input: { items: [1], expression: ETERNAL } }],
  'data.format': [{ input: () => ({ format: 'yaml', data: rows() }) }],
  'data.join': [
    {
      input: () => ({
        left: { items: rows() },
        right: { items: rows() },
        on: [{ left: 'id' }],
        type: 'full',
      }),
    },
  ],
  'data.parse': [
    {
      input: {
        format: 'yaml',
        text: Array.from({ length: 60_000 }, (_, index) => `- {k${index}: 1}`).join('\n'),
      },
    },
  ],
  'data.sort': [{ input: () => ({ items: rows(), by: [{ field: 'id' }] }) }],
  'data.template': [
    {
      quick: 'what a template may compute is bounded, and so is its length',
      prepare: ({ bench }) => bench.write('t', '{{ list.map(x => x + 1).join(",") }}\n'.repeat(100)),
      input: { path: 't', data: { list: Array.from({ length: 100 }, (_, index) => index) } },
    },
  ],
  'data.transform': [{ input: { input: null, expression: ETERNAL } }],
  'data.validate': [{ input: { data: `${'a'.repeat(50)}b`, schema: { pattern: '^(a+)+$' } } }],
};

/** Without a remote: git itself takes for ever, whatever it is asked for. */
const LOCAL_GIT: Record<string, Json> = {
  'git.add': { addAll: true },
  'git.branch': { operation: 'create', name: 'b' },
  'git.checkout': { revision: 'b', create: true },
  'git.commit': { message: 'x', addAll: true, allowEmpty: true },
  'git.diff': {},
  'git.log': {},
  'git.merge': { revision: 'other' },
  'git.status': {},
  'git.tag': { operation: 'create', name: 't' },
  'git.worktree': { operation: 'add', path: 'w', branch: 'b' },
};

const isTalking = (world: CancelWorld): boolean => isConnected(world) && runsPrograms(world);

const repository = ({ bench }: CancelWorld): void => {
  bench.repository('.', { 'a.txt': 'one\n' });
  bench.sh('.', 'branch', 'other');
};

const withRemote = (world: CancelWorld): void => {
  repository(world);
  world.bench.sh('.', 'remote', 'add', 'origin', `http://${world.host}/x.git`);
};

const GIT: Record<string, CancelCase[]> = {
  ...Object.fromEntries(
    Object.entries(LOCAL_GIT).map(([type, input]): [string, CancelCase[]] => [
      type,
      [
        {
          prepare(world) {
            repository(world);
            world.bench.write('new.txt', 'two\n');
            world.hangGit();
          },
          input,
          isAtWork: isGitAtWork,
        },
      ],
    ]),
  ),
  'git.clone': [
    { input: ({ host }) => ({ url: `http://${host}/x.git`, path: 'copy' }), isAtWork: isTalking },
  ],
  'git.fetch': [{ prepare: withRemote, input: {}, isAtWork: isTalking }],
  'git.pull': [{ prepare: withRemote, input: { branch: 'main' }, isAtWork: isTalking }],
  'git.push': [{ prepare: withRemote, input: {}, isAtWork: isTalking }],
};

const SLEEPERS = 'sleep 300 & sleep 300 & wait';

const OTHERS: Record<string, CancelCase[]> = {
  'ai.analyze': [{ input: { provider: 'claude', prompt: 'x' }, isAtWork: isConnected }],
  'ai.chat': ['claude', 'openai', 'gemini'].map((provider) => ({
    name: provider,
    input: { provider, prompt: 'x' },
    isAtWork: isConnected,
  })),
  'ai.generate': [{ input: { provider: 'openai', prompt: 'x' }, isAtWork: isConnected }],
  'chat.send': [{ input: { message: 'x' }, isAtWork: isConnected }],
  'activity.emit': [{ input: { event: 'x' }, isAtWork: isConnected }],
  'escalation.raise': [{ input: { title: 'x' }, isAtWork: isConnected }],
  'code.run': [{ input: { code: 'while (true) {}', timeLimit: 60_000 } }],
  'http.request': [{ input: ({ host }) => ({ url: `http://${host}/` }), isAtWork: isConnected }],
  'notify.discord': [
    { input: ({ host }) => ({ webhookUrl: `http://${host}/`, content: 'x' }), isAtWork: isConnected },
  ],
  'notify.email': [{ input: { to: 'ann@example.org', subject: 'x', text: 'x' }, isAtWork: isConnected }],
  'notify.slack': [{ input: { channel: '#x', message: 'x' }, isAtWork: isConnected }],
  'notify.teams': [
    { input: ({ host }) => ({ webhookUrl: `http://${host}/`, content: 'x' }), isAtWork: isConnected },
  ],
  'notify.webhook': [{ input: ({ host }) => ({ url: `http://${host}/`, body: 1 }), isAtWork: isConnected }],
  'plugin.execute': [
    {
      input: { pluginId: 'slow', command: 'hang', arguments: {} },
      isAtWork: ({ calledPlugin }) => calledPlugin() !== undefined,
    },
  ],
  'shell.run': [
    {
      input: { command: 'sh', args: ['-c', SLEEPERS] },
      isAtWork: ({ programs }) => programs().length > 2,
    },
  ],
  'shell.script': [{ input: { script: SLEEPERS }, isAtWork: ({ programs }) => programs().length > 2 }],
  'workflow.run': [{ input: { workflowId: 'x' }, isAtWork: isConnected }],
};

/** By action type. */
export const CANCEL_CASES: Readonly<Record<string, CancelCase[]>> = { ...FILE, ...DATA, ...GIT, ...OTHERS };
