import type { JsonObject } from '#shared/json.ts';
import type { Snapshot } from './history.ts';
import type { TextAnswer, TextRequest } from './text.worker.ts';

type Question = TextRequest extends infer R ? (R extends TextRequest ? Omit<R, 'id'> : never) : never;

/** The text of a snapshot as somebody wrote it; undefined where later changes are still to be written into it. */
export const asWritten = ({ broken, definition, origin }: Snapshot): string | undefined =>
  broken ?? (definition === origin.definition ? origin.text : undefined);

/** Reads and writes the texts of drafts, beside the page. */
export class Texts {
  readonly #worker = new Worker(new URL('./text.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, { resolve(answer: TextAnswer): void; reject(error: Error): void }>();
  readonly #known = new WeakMap<Snapshot, Promise<string>>();
  #next = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<TextAnswer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data);
    };
    this.#worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
      this.#waiting.clear();
    };
  }

  #ask(question: Question): Promise<TextAnswer> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...question, id });
    });
  }

  /** The text of a snapshot: what was written by hand, with all later changes written into it. */
  of(snapshot: Snapshot): Promise<string> {
    const known = this.#known.get(snapshot);
    if (known) return known;
    const text = this.#write(snapshot);
    this.#known.set(snapshot, text);
    return text;
  }

  async #write(snapshot: Snapshot): Promise<string> {
    const text = asWritten(snapshot);
    if (text !== undefined) return text;
    const { definition, origin } = snapshot;
    const answer = await this.#ask({ kind: 'write', text: origin.text, definition });
    if (!('text' in answer)) throw new Error('The text was not written.');
    return answer.text;
  }

  /** The definition in a text; undefined where it cannot be read. */
  async read(text: string): Promise<JsonObject | undefined> {
    const answer = await this.#ask({ kind: 'read', text });
    return 'definition' in answer ? answer.definition : undefined;
  }

  close(): void {
    this.#worker.terminate();
  }
}
