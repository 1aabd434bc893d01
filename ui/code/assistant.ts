import type { Completion } from './complete.ts';
import type { Sample } from './complete-expression.ts';
import type { Grammar } from './schema-at.ts';

/** What completion and hover know. */
export interface Knowledge {
  grammar: Grammar;
  samples: readonly Sample[];
}

interface Question {
  number: number;
  what: 'complete' | 'explain';
  text: string;
  offset: number;
}

/** What the worker is told: the knowledge once, then questions. */
export type AssistantRequest = Knowledge | Question;
export interface AssistantAnswer {
  number: number;
  completion?: Completion | undefined;
  lines?: string[];
}

/** Reads definitions for completion and hover off the main thread: a large one takes longer than a key press may. */
export interface Assistant {
  complete(text: string, offset: number): Promise<Completion | undefined>;
  /** What the key or value means whose word ends at the offset; no lines where that is not known. */
  explain(text: string, offset: number): Promise<string[]>;
  /** Questions still open stay unanswered. */
  close(): void;
}

interface Asked {
  resolve(answer: AssistantAnswer): void;
  reject(reason: Error): void;
}

/** An assistant with a worker of its own; close it when done. */
export function createAssistant(knowledge: Knowledge): Assistant {
  const worker = new Worker(new URL('./assistant.worker.ts', import.meta.url), { type: 'module' });
  const open = new Map<number, Asked>();
  let count = 0;
  worker.postMessage(knowledge satisfies AssistantRequest);
  worker.onmessage = ({ data }: MessageEvent<AssistantAnswer>) => {
    open.get(data.number)?.resolve(data);
    open.delete(data.number);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of open.values()) reject(new Error(`Completion broke: ${message}`));
    open.clear();
  };
  const ask = (what: Question['what'], text: string, offset: number): Promise<AssistantAnswer> =>
    new Promise((resolve, reject) => {
      const number = count++;
      open.set(number, { resolve, reject });
      worker.postMessage({ number, what, text, offset } satisfies AssistantRequest);
    });
  return {
    complete: async (text, offset) => (await ask('complete', text, offset)).completion,
    explain: async (text, offset) => (await ask('explain', text, offset)).lines ?? [],
    close: () => worker.terminate(),
  };
}
