import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server whose resources are put there by tools: what was put stays, and each attempt is written down. */
export interface Effects {
  url: string;
  /** `host:port`, for the list of addresses that may be reached. */
  host: string;
  /** Paths in the order in which they were put; once for each attempt. */
  attempts: string[];
  /** Leaves the first attempt at a path without an answer. */
  hold(path: string): void;
  close(): Promise<void>;
}

export async function startEffects(): Promise<Effects> {
  const attempts: string[] = [];
  const held = new Set<string>();
  const hanging: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    attempts.push(path);
    request.resume();
    if (held.delete(path)) hanging.push(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ put: path }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    attempts,
    hold: (path) => void held.add(path),
    close: async () => {
      for (const response of hanging) response.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}
