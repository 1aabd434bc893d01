import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { stringify } from 'yaml';
import type { PluginView } from '#shared/catalog/plugin.ts';
import { childEnvironment } from '../host/child-environment.ts';
import { fingerprint } from './fingerprint.ts';
import { Manager, type ManagerOptions } from './manager.ts';
import type { PluginCall, PluginOutput } from './plugins.ts';

const server = (name: string): string =>
  fileURLToPath(
    new URL(`../../node_modules/@modelcontextprotocol/server-${name}/dist/index.js`, import.meta.url),
  );

/** Scripts of public MCP servers. */
export const FILESYSTEM = server('filesystem');
export const EVERYTHING = server('everything');

/** The example of a local module. */
export const WORD_TOOLS = fileURLToPath(new URL('../../plugins/word-tools', import.meta.url));

export interface Entry {
  id: string;
  kind: 'mcp' | 'module';
  [key: string]: unknown;
}

/** Plugins in a folder of their own. */
export interface World {
  folder: string;
  manager: Manager;
  /** Writes a file; gives its path. */
  write(name: string, text: string): string;
  /** Replaces the list. */
  list(entries: Entry[]): void;
  /** Calls a command with a signal that never aborts, unless another is given. */
  call(
    pluginId: string,
    command: string,
    given?: PluginCall['arguments'],
    more?: Partial<PluginCall>,
  ): Promise<PluginOutput>;
  view(id: string): PluginView;
  close(): Promise<void>;
}

/** The options of a manager in a folder. */
export const optionsIn = (folder: string, more: Partial<ManagerOptions> = {}): ManagerOptions => ({
  file: join(folder, 'plugins.yaml'),
  folder: join(folder, 'plugins'),
  environment: childEnvironment(process.env),
  network: { allow: [] },
  log: pino({ level: 'silent' }),
  ...more,
});

/** Starts a manager with these plugins. */
export function makeWorld(entries: Entry[] = [], more: Partial<ManagerOptions> = {}): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'acas-plugins-')));
  const list = (wanted: Entry[]) =>
    writeFileSync(join(folder, 'plugins.yaml'), stringify({ plugins: wanted }));
  list(entries);
  const manager = Manager.open(optionsIn(folder, more));
  return {
    folder,
    manager,
    list,
    write(name, text) {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    call: (pluginId, command, given = {}, over = {}) =>
      manager.call({ pluginId, command, arguments: given, signal: new AbortController().signal, ...over }),
    view(id) {
      const found = manager.all().items.find((item) => item.id === id);
      if (!found) throw new Error(`There is no plugin ${id}.`);
      return found;
    },
    async close() {
      await manager.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An entry for a script that node runs, with its hash. */
export const scriptEntry = async (
  id: string,
  path: string,
  args: string[] = [],
  more = {},
): Promise<Entry> => ({
  id,
  kind: 'mcp',
  command: process.execPath,
  path,
  args,
  sha256: await fingerprint(path),
  ...more,
});

/** An entry for a local module of one file, with its hash. */
export const moduleEntry = async (id: string, path: string, more = {}): Promise<Entry> => ({
  id,
  kind: 'module',
  path,
  sha256: await fingerprint(path),
  ...more,
});

/** Processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const state = / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/, ''))?.[1];
        return state !== 'Z' && Number(pid) !== process.pid && line.includes(text);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

/** Asks again and again until there is an answer. */
export async function until<T>(
  ask: () => T | undefined | false,
  what: string,
  patience = 20_000,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What a promise rejects with. */
export const failureOf = (
  work: Promise<unknown>,
): Promise<{ code: string; message: string; fix?: string; details?: unknown }> =>
  work.then(
    (value) => {
      throw new Error(`It did not fail, but gave ${JSON.stringify(value)}`);
    },
    (thrown) => thrown,
  );
