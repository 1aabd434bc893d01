import { createServer } from 'node:net';

/** True when `port` of `host` can be listened on now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

const anyFree = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host, exclusive: true }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });

/**
 * The first free one of the wanted ports, else any free one; 0 stands for "any".
 * @param taken ports that were given out already and must not be given twice; the result is added.
 */
export async function choosePort(wanted: number[], taken: Set<number>, host = '127.0.0.1'): Promise<number> {
  for (const port of wanted) {
    if (port !== 0 && !taken.has(port) && (await isFree(port, host))) {
      taken.add(port);
      return port;
    }
  }
  let port = await anyFree(host);
  while (taken.has(port)) port = await anyFree(host);
  taken.add(port);
  return port;
}
