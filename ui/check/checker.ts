import type { Catalog } from '#shared/catalog/catalog.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import { createLatest } from './latest.ts';
import type { StepProblem } from './step-at.ts';

export type { StepProblem } from './step-at.ts';

/** What is to be known of a definition's text. */
export interface Checked {
  /** All that is wrong, each with the step it is in. */
  problems: StepProblem[];
  /** The normal form, there as soon as the text has the right shape. */
  workflow?: Workflow;
}

/** What the worker is told: the catalogue once, then texts. */
export type CheckRequest = { catalog: Catalog } | { text: string };
export type CheckAnswer = Checked;

/** Reads and checks definitions off the main thread. */
export interface Checker {
  /**
   * Checks a text. Only the newest text is checked: whoever asked for an older one that was not answered yet is
   * given the newest's answer. Rejects where the worker itself breaks; after `close` it stays unanswered.
   */
  check(text: string): Promise<Checked>;
  close(): void;
}

const spawn = (): Worker => new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' });

/** A checker with a worker of its own; close it when done. A worker that breaks is replaced at the next check. */
export function createChecker(catalog: Catalog): Checker {
  let worker: Worker | undefined;
  let isClosed = false;

  const start = (): Worker => {
    const started = spawn();
    started.postMessage({ catalog } satisfies CheckRequest);
    return started;
  };

  const ask = (text: string): Promise<Checked> =>
    new Promise((resolve, reject) => {
      if (isClosed) return;
      worker ??= start();
      worker.onmessage = ({ data }: MessageEvent<CheckAnswer>) => resolve(data);
      worker.onerror = ({ message }) => {
        worker?.terminate();
        worker = undefined;
        reject(new Error(`The definition could not be checked: ${message || 'its checker did not load'}.`));
      };
      worker.postMessage({ text } satisfies CheckRequest);
    });

  const latest = createLatest(ask);
  return {
    check: latest.ask,
    close() {
      isClosed = true;
      worker?.terminate();
      worker = undefined;
    },
  };
}
