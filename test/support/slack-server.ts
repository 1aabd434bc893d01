import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server answers. */
export type SlackBehaviour =
  | 'ok'
  | 'ratelimited'
  | 'ratelimited_without_time'
  | 'server_error'
  | 'malformed'
  | 'empty'
  | 'hang'
  | 'cut'
  | { error: string };

export interface SlackCall {
  method: string;
  authorization: string | undefined;
  /** The form's fields; those that hold JSON are texts. */
  fields: Record<string, string>;
}

/** A server that speaks Slack's Web API as far as messages go. */
export interface SlackServer {
  /** To be set as SLACK_API_URL. */
  url: string;
  calls: SlackCall[];
  /** Connections that are open. */
  open(): number;
  behave(behaviour: SlackBehaviour): void;
  close(): Promise<void>;
}

function reply(response: ServerResponse, behaviour: SlackBehaviour, fields: Record<string, string>): void {
  const json = (value: unknown): void => {
    response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(value));
  };
  if (behaviour === 'hang') return;
  if (behaviour === 'cut') response.destroy();
  else if (behaviour === 'ratelimited') response.writeHead(429, { 'retry-after': '7' }).end();
  else if (behaviour === 'ratelimited_without_time') response.writeHead(429).end();
  else if (behaviour === 'server_error') response.writeHead(503).end('<html>down</html>');
  else if (behaviour === 'malformed') response.end('{"ok": tr');
  else if (behaviour === 'empty') json({ ok: true });
  else if (behaviour === 'ok')
    json({ ok: true, channel: 'C024BE91L', ts: '1503435956.000247', message: fields });
  else json({ ok: false, error: behaviour.error });
}

/** Starts it on a free port of this machine. */
export async function startSlackServer(): Promise<SlackServer> {
  const calls: SlackCall[] = [];
  let behaviour: SlackBehaviour = 'ok';
  let open = 0;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const { authorization } = request.headers;
      calls.push({ method: request.url?.replace('/api/', '') ?? '', authorization, fields });
      reply(response, behaviour, fields);
    });
  });
  server.on('connection', (socket) => {
    open++;
    socket.on('close', () => open--);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    calls,
    open: () => open,
    behave: (next) => {
      behaviour = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
