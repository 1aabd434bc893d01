import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Logger } from 'pino';
import type { Network } from '../action.ts';
import { checkPin } from './fingerprint.ts';
import type { PluginEntry, ProgramEntry } from './list.ts';
import { type Program, ProgramTransport } from './program.ts';
import type { Reaper } from './reaper.ts';
import { RemoteTransport } from './remote.ts';
import type { PluginTransport } from './transport.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

/** Lets Node read TypeScript: the host's, and the module's where it is written in it. */
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** What plugins run with. */
export interface Surroundings {
  /** Holds a folder for each plugin, where its process runs. */
  folder: string;
  /** What every plugin's process inherits. */
  environment: Readonly<Record<string, string>>;
  network: Network;
  reaper: Reaper;
  log: Logger;
}

function programOf({ id, kind, command, args, env, pin }: ProgramEntry, around: Surroundings): Program {
  const cwd = join(around.folder, id);
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const common = { cwd, env: { ...around.environment, ...env } };
  const path = pin === undefined ? [] : [pin.path];
  if (kind === 'module')
    return { ...common, command: process.execPath, args: ['--import', LOADER, HOST, ...path] };
  const [program = '', ...rest] = command === undefined ? path : [command, ...path];
  return { ...common, command: program, args: [...rest, ...args] };
}

/**
 * What a plugin is spoken to through: a process of its own, or a server elsewhere.
 * @throws AppError `plugin.changed` or `plugin.not_pinned` where its files are not the accepted ones
 */
export async function transportTo(entry: PluginEntry, around: Surroundings): Promise<PluginTransport> {
  if (entry.transport === 'http') return new RemoteTransport(entry, around.network);
  if (entry.pin) await checkPin(entry.id, entry.pin);
  return new ProgramTransport(programOf(entry, around), around.reaper);
}
