import type { Response } from 'express';

/** A comment this often keeps proxies from closing a quiet stream, in milliseconds. */
const KEEP_ALIVE = 15_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'X-Accel-Buffering': 'no',
  Connection: 'keep-alive',
};

/** Tells a watcher that the stream is there; clients take no notice. */
export const COMMENT = ': here\n\n';

/** The last event of a stream that has nothing more to tell. */
export const END = 'event: end\ndata: {}\n\n';

/** Begins a stream of server-sent events, and keeps it open until the watcher has gone. */
export function openEventStream(response: Response): void {
  response.set(HEADERS).flushHeaders();
  const keepAlive = setInterval(() => response.write(COMMENT), KEEP_ALIVE);
  response.once('close', () => clearInterval(keepAlive));
}
