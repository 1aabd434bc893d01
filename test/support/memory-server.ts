import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { choosePort } from '#scripts/ports.ts';
import { startTemporal, type TemporalServer } from '#scripts/temporal/server.ts';
import { identify, isAlive, processIdentity } from '#shared/node/process-identity.ts';
import { testBinary } from './temporal.ts';

const record = z.object({ owner: processIdentity, server: processIdentity });

const folder = join(tmpdir(), 'acas-test-servers');

/** Ends the servers of jest runs that were killed before they could do so. */
const endLeftovers = async (): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '{}');
    const parsed = record.safeParse(JSON.parse(text || '{}'));
    if (!parsed.success || isAlive(parsed.data.owner)) continue;
    if (isAlive(parsed.data.server)) process.kill(parsed.data.server.pid, 'SIGKILL');
    await rm(join(folder, name), { force: true });
  }
};

const writeRecord = async (pid: number): Promise<string> => {
  const file = join(folder, `${process.pid}.json`);
  await writeFile(file, JSON.stringify({ owner: identify(process.pid), server: identify(pid) }));
  return file;
};

const startInMemory = async (): Promise<TemporalServer> => {
  await endLeftovers();
  const taken = new Set<number>();
  const port = (): Promise<number> => choosePort([], taken);
  const ports = { grpc: await port(), http: await port(), metrics: await port(), ui: null };
  return startTemporal({
    binary: await testBinary(),
    database: null,
    ports,
    onSpawn: (pid) => void writeRecord(pid),
  });
};

/** Starts the one server of a jest run when it is first asked for. */
export interface Broker {
  /** A GET of it answers host:port of the server. */
  url: string;
  close(): Promise<void>;
}

/** Opens the broker in the jest process, from where all its worker processes reach it. */
export async function openBroker(): Promise<Broker> {
  let server: Promise<TemporalServer> | null = null;
  const http = createServer(async (_request, response) => {
    server ??= startInMemory();
    try {
      response.end((await server).address);
    } catch (thrown) {
      response.writeHead(500).end(String(thrown));
    }
  });
  http.unref();
  const port = await choosePort([], new Set());
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      http.close();
      http.closeAllConnections();
      await (await server?.catch(() => undefined))?.kill();
      await rm(join(folder, `${process.pid}.json`), { force: true });
    },
  };
}
