// A machine on which everything that an action may wait for takes for ever.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { readConfig } from '#shared/node/config.ts';
import { childEnvironment } from '../host/child-environment.ts';
import { makeWorld, moduleEntry } from '../plugins/_fixture.ts';
import { type GitBench, listen, makeGitBench } from './git/_fixture.ts';

/** A git that never ends, but for its first call, which finds the repository. */
const HANGING_GIT = `#!/bin/sh
folder="\${0%/*}"
if [ -e "$folder/called" ]; then touch "$folder/hangs"; sleep 300 & wait; fi
touch "$folder/called"
PATH="\${PATH#*:}" exec git "$@"
`;

/** Its command writes a file when it is called, and never ends. */
const hangingPlugin = (file: string): string => `import { writeFileSync } from 'node:fs';
const run = () => { writeFileSync(${JSON.stringify(file)}, String(process.pid)); return new Promise(() => {}); };
export default ({ definePlugin, z }) => definePlugin({
  commands: { hang: { description: 'Never ends', input: z.strictObject({}), run } },
});
`;

export interface CancelWorld {
  bench: GitBench;
  /** Host and port of a server that takes connections and never answers. */
  host: string;
  /** What is connected to it. */
  sockets: ReadonlySet<Socket>;
  /** Programs that actions have started. */
  programs(): number[];
  /** The process of the plugin in which a command is at work. */
  calledPlugin(): number | undefined;
  isRunning(pid: number): boolean;
  /** Paths of files that this process has open in the workspace or the data directory. */
  openFiles(): string[];
  /** Names in the workspace and the data directory; of what git keeps for itself, only what it would not leave. */
  listing(): string[];
  /** From now on, git takes for ever. */
  hangGit(): void;
  /** Whether it does. */
  gitHangs(): boolean;
  close(): Promise<void>;
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has ended meanwhile, or belongs to someone else.
    return '';
  }
};

const isRunning = (pid: string): boolean => {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat !== '' && !/\) Z /.test(stat);
};

/** Processes that have one of these texts in their environment or on their command line: orphans too. */
const processesOf = (texts: string[]): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      const all = textOf(`/proc/${pid}/environ`) + textOf(`/proc/${pid}/cmdline`);
      return texts.some((text) => all.includes(text)) && isRunning(pid);
    })
    .map(Number);

function openFilesIn(folders: string[]): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return folders.some((folder) => path.startsWith(folder)) ? [path] : [];
    } catch {
      // The one by which the folder was read.
      return [];
    }
  });
}

function listingOf(folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter((name) => !/(^|\/)\.git\//.test(name) || /\.lock$|tmp_/.test(name))
      .sort(),
  );
}

const settingsOf = (host: string) => ({
  ...readConfig({
    ANTHROPIC_API_KEY: 'key',
    ANTHROPIC_BASE_URL: `http://${host}`,
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: `http://${host}`,
    GOOGLE_GEMINI_API_KEY: 'key',
    GOOGLE_GEMINI_BASE_URL: `http://${host}`,
    SLACK_API_URL: `http://${host}/`,
    SLACK_BOT_TOKEN: 'token',
    SMTP_URL: `smtp://${host}`,
    SMTP_FROM: 'Runner <runner@example.org>',
    ACAS_EMAIL_ALLOW: '*',
  }),
  apiUrl: `http://${host}`,
  shell: { allow: ['*'], scripts: true },
});

/** Makes such a machine. */
export async function makeCancelWorld(): Promise<CancelWorld> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // One that is not read does not notice its end.
    socket
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
      .resume();
  });
  const host = await listen(server);
  const environment: Record<string, string> = { ...childEnvironment(process.env) };
  const plugins = makeWorld();
  const called = join(plugins.folder, 'called');
  plugins.list([await moduleEntry('slow', plugins.write('slow.mjs', hangingPlugin(called)))]);
  const bench = makeGitBench({
    network: { allow: [host] },
    environment,
    settings: settingsOf(host),
    plugins: plugins.manager,
  });
  const bin = join(bench.folder, 'bin');
  mkdirSync(bin);
  environment.PATH = `${bin}:${environment.PATH}`;
  return {
    bench,
    host,
    sockets,
    programs: () => processesOf([bin]),
    calledPlugin: () => Number(textOf(called)) || undefined,
    isRunning: (pid) => isRunning(String(pid)),
    openFiles: () => openFilesIn([bench.root, bench.home]),
    listing: () => listingOf([bench.root, bench.home]),
    hangGit() {
      writeFileSync(join(bin, 'git'), HANGING_GIT);
      chmodSync(join(bin, 'git'), 0o755);
    },
    gitHangs: () => existsSync(join(bin, 'hangs')),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
      await plugins.close();
      bench.clear();
    },
  };
}
