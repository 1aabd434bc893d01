import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { messageOf } from '#shared/errors.ts';
import { COMMENT, END, openEventStream } from '../http/event-stream.ts';
import type { Chat, ChatMessage } from '../store/chat.ts';

/** How often a session is looked at for messages that came through another process, in milliseconds. */
const EVERY = 1_000;

/** Messages fetched at a time. */
const BATCH = 200;

interface Watcher {
  /** Id of the last message it was sent. */
  last: number;
  response: Response;
}

interface Watched {
  watchers: Set<Watcher>;
  /** Ends the pause between two looks. */
  wake(): void;
}

const eventOf = (message: ChatMessage): string =>
  `id: ${message.id}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;

/** Sends every new message of a session to all who watch it, whichever process took the message. */
export class ChatStreams {
  readonly #chat: Chat;
  readonly #log: Logger;
  readonly #watched = new Map<string, Watched>();

  constructor({ store, log }: { store: { chat: Chat }; log: Logger }) {
    this.#chat = store.chat;
    this.#log = log;
  }

  /** Sends the messages after the one with the id `after`, until the session is removed or the watcher leaves. */
  watch(sessionId: string, after: number, request: Request, response: Response): void {
    // One who has left by now will not leave again: nothing would ever end the watching.
    if (response.destroyed || request.destroyed) return;
    openEventStream(response);
    response.write(COMMENT);
    const watcher: Watcher = { last: after, response };
    this.#join(sessionId, watcher);
    response.once('close', () => {
      const watched = this.#watched.get(sessionId);
      watched?.watchers.delete(watcher);
      if (watched?.watchers.size === 0) watched.wake();
    });
  }

  /** Says that a session has a new message, or is gone. */
  notify(sessionId: string): void {
    this.#watched.get(sessionId)?.wake();
  }

  #join(sessionId: string, watcher: Watcher): void {
    const known = this.#watched.get(sessionId);
    if (known) {
      known.watchers.add(watcher);
      known.wake();
      return;
    }
    const watched: Watched = { watchers: new Set([watcher]), wake: () => undefined };
    this.#watched.set(sessionId, watched);
    void this.#look(sessionId, watched);
  }

  async #look(sessionId: string, watched: Watched): Promise<void> {
    while (watched.watchers.size > 0) {
      let isWoken = false;
      let wake = (): void => undefined;
      // Set before the look, so that what comes while it lasts is looked at next.
      watched.wake = () => {
        isWoken = true;
        wake();
      };
      const isBehind = await this.#deliver(sessionId, watched.watchers);
      if (isBehind || isWoken || watched.watchers.size === 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, EVERY);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#watched.delete(sessionId);
  }

  /** Sends what is new to each watcher; true where there is more. */
  async #deliver(sessionId: string, watchers: Set<Watcher>): Promise<boolean> {
    try {
      const after = Math.min(...[...watchers].map(({ last }) => last));
      const { items, nextCursor } = await this.#chat.messages(sessionId, { limit: BATCH, after });
      for (const watcher of watchers)
        for (const message of items)
          if (message.id > watcher.last) {
            watcher.last = message.id;
            watcher.response.write(eventOf(message));
          }
      if (items.length === 0 && !(await this.#chat.session(sessionId))) {
        for (const { response } of watchers) response.end(END);
        watchers.clear();
      }
      return nextCursor !== null;
    } catch (thrown) {
      this.#log.warn(
        { session: sessionId, error: messageOf(thrown) },
        'could not look at a watched chat session',
      );
      return false;
    }
  }
}
