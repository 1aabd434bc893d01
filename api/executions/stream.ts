import type { Request, Response } from 'express';
import { messageOf } from '#shared/errors.ts';
import type { Deps } from '../deps.ts';
import { readExecution } from './read.ts';

/** How often an execution is looked at while somebody watches it, in milliseconds. */
const EVERY = 500;

/** A comment this often keeps proxies from closing a quiet stream. */
const KEEP_ALIVE = 15_000;

const SSE = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'X-Accel-Buffering': 'no',
  Connection: 'keep-alive',
};

type Listener = (event: string) => void;

/** Looks at each watched execution once, however many watch it, and tells every watcher of each change. */
export class ExecutionStreams {
  readonly #deps: Deps;
  readonly #watched = new Map<string, { listeners: Set<Listener>; last: string }>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers with the execution now and again at every change, until it has ended or the watcher leaves. */
  async watch(id: string, request: Request, response: Response): Promise<void> {
    const first = await readExecution(this.#deps, id);
    response.set(SSE).flushHeaders();
    const send: Listener = (event) => {
      response.write(event);
      if (event.startsWith('event: end')) response.end();
    };
    send(viewEvent(first));
    if (first.endTime !== null) return send(END);
    const keepAlive = setInterval(() => response.write(': here\n\n'), KEEP_ALIVE);
    const leave = this.#join(id, send);
    request.once('close', leave);
    response.once('close', () => {
      clearInterval(keepAlive);
      leave();
    });
  }

  #join(id: string, listener: Listener): () => void {
    const watched = this.#watched.get(id) ?? { listeners: new Set<Listener>(), last: '' };
    watched.listeners.add(listener);
    if (!this.#watched.has(id)) {
      this.#watched.set(id, watched);
      void this.#look(id);
    }
    return () => void watched.listeners.delete(listener);
  }

  async #look(id: string): Promise<void> {
    const watched = this.#watched.get(id);
    while (watched && watched.listeners.size > 0) {
      const event = await this.#next(id);
      if (event !== undefined && event !== watched.last)
        for (const listen of [...watched.listeners]) listen(event);
      watched.last = event ?? watched.last;
      if (event?.includes('"endTime":"') && isEnded(event)) {
        for (const listen of [...watched.listeners]) listen(END);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    this.#watched.delete(id);
  }

  async #next(id: string): Promise<string | undefined> {
    try {
      return viewEvent(await readExecution(this.#deps, id));
    } catch (thrown) {
      this.#deps.log.warn(
        { execution: id, error: messageOf(thrown) },
        'could not look at a watched execution',
      );
      return `event: problem\ndata: ${JSON.stringify({ message: messageOf(thrown) })}\n\n`;
    }
  }
}

const END = 'event: end\ndata: {}\n\n';

const viewEvent = (view: object): string => `event: execution\ndata: ${JSON.stringify(view)}\n\n`;

function isEnded(event: string): boolean {
  const data = /^event: execution\ndata: (.*)\n\n$/s.exec(event)?.[1];
  return data !== undefined && (JSON.parse(data) as { endTime: string | null }).endTime !== null;
}
