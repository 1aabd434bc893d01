import type { Request, Response } from 'express';
import { messageOf } from '#shared/errors.ts';
import type { Deps } from '../deps.ts';
import { END, openEventStream } from '../http/event-stream.ts';
import { readExecution } from './read.ts';

/** How often an execution is looked at while somebody watches it, in milliseconds. */
const EVERY = 500;

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
    // One who has left by now will not leave again: nothing would ever end the watching.
    if (response.destroyed || request.destroyed) return;
    openEventStream(response);
    const send: Listener = (event) => {
      response.write(event);
      if (event === END) response.end();
    };
    const event = viewEvent(first);
    send(event);
    if (first.endTime !== null) return send(END);
    response.once('close', this.#join(id, send, event));
  }

  /** A watcher who joins others has perhaps seen less than they have: it is told what they were told last. */
  #join(id: string, listener: Listener, seen: string): () => void {
    const others = this.#watched.get(id);
    const watched = others ?? { listeners: new Set<Listener>(), last: seen };
    watched.listeners.add(listener);
    if (others && others.last !== seen) listener(others.last);
    if (!others) {
      this.#watched.set(id, watched);
      void this.#look(id);
    }
    return () => void watched.listeners.delete(listener);
  }

  async #look(id: string): Promise<void> {
    const watched = this.#watched.get(id);
    while (watched && watched.listeners.size > 0) {
      const { event, isEnded } = await this.#next(id, watched.last);
      const events = [...(event === watched.last ? [] : [event]), ...(isEnded ? [END] : [])];
      for (const listen of [...watched.listeners]) events.forEach(listen);
      watched.last = event;
      if (isEnded) break;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    this.#watched.delete(id);
  }

  async #next(id: string, last: string): Promise<{ event: string; isEnded: boolean }> {
    try {
      const view = await readExecution(this.#deps, id);
      return { event: viewEvent(view), isEnded: view.endTime !== null };
    } catch (thrown) {
      const message = messageOf(thrown);
      const event = `event: problem\ndata: ${JSON.stringify({ message })}\n\n`;
      if (event !== last)
        this.#deps.log.warn({ execution: id, error: message }, 'could not look at a watched execution');
      return { event, isEnded: false };
    }
  }
}

const viewEvent = (view: object): string => `event: execution\ndata: ${JSON.stringify(view)}\n\n`;
