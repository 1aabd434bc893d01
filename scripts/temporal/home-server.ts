import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { writeFileAtomically } from '#shared/node/atomic-file.ts';
import { choosePort } from '../ports.ts';
import { ensureDatabase } from './first-start.ts';
import type { TemporalPorts } from './flags.ts';
import { type ServerOptions, startTemporal, type TemporalServer } from './server.ts';

const wantedPorts = z.object({ grpc: z.number(), ui: z.number().nullable() });
const portsFile = z.object({
  asked: wantedPorts,
  ports: wantedPorts.extend({ http: z.number(), metrics: z.number() }),
});

export interface HomeServerOptions extends Pick<ServerOptions, 'binary' | 'output' | 'onSpawn'> {
  /** The data directory; the caller holds its lock. */
  home: string;
  /** The ports asked for; others are used when these are taken. `ui` null: no web UI. */
  wanted: z.infer<typeof wantedPorts>;
}

/** The ports of the last start, unless others are asked for now. */
const remembered = (path: string, wanted: HomeServerOptions['wanted']): TemporalPorts | undefined => {
  try {
    const { asked, ports } = portsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    return asked.grpc === wanted.grpc && asked.ui === wanted.ui ? ports : undefined;
  } catch {
    return undefined; // The first start, or a file edited by hand: ports are chosen anew.
  }
};

/** The ports of the last start, so that the address stays; where taken by others, the ones asked for, else free ones. */
const choosePorts = async (
  before: TemporalPorts | undefined,
  wanted: HomeServerOptions['wanted'],
): Promise<TemporalPorts> => {
  const taken = new Set<number>();
  const grpc = await choosePort([before?.grpc ?? 0, wanted.grpc], taken);
  const ui = wanted.ui === null ? null : await choosePort([before?.ui ?? 0, wanted.ui], taken);
  const http = await choosePort([before?.http ?? 0], taken);
  const metrics = await choosePort([before?.metrics ?? 0], taken);
  return { grpc, http, metrics, ui };
};

const portTaken = (thrown: unknown): boolean =>
  AppError.is(thrown) && (thrown.details as { portTaken?: boolean } | undefined)?.portTaken === true;

/** The database file of a data directory. */
export const databaseOf = (home: string): string => join(home, 'temporal', 'temporal.db');

/**
 * Starts the server of a data directory: on its own database file, which is made first when absent.
 * @throws AppError `temporal.start_failed` or `temporal.not_ready`.
 */
export async function startHomeServer(options: HomeServerOptions, attempts = 3): Promise<TemporalServer> {
  const { home, wanted, ...rest } = options;
  const file = join(home, 'temporal', 'ports.json');
  const ports = await choosePorts(remembered(file, wanted), wanted);
  try {
    await ensureDatabase(databaseOf(home), { ...rest, ports });
    writeFileAtomically(file, JSON.stringify({ asked: wanted, ports }));
    return await startTemporal({ ...rest, ports, database: databaseOf(home) });
  } catch (thrown) {
    // Somebody took a port between our look and the server's.
    if (portTaken(thrown) && attempts > 1) return startHomeServer(options, attempts - 1);
    throw thrown;
  }
}
