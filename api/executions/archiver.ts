import { messageOf } from '#shared/errors.ts';
import { EXECUTION } from '#shared/execution/protocol.ts';
import type { Deps } from '../deps.ts';
import { toArchive } from './archived.ts';
import { readExecution } from './read.ts';

const WATERMARK = 'archiver';

/** Closed executions become visible a little later than they close, and not in order; look back this far, in milliseconds. */
const OVERLAP = 10 * 60_000;

/** Executions archived side by side. */
const SIDE_BY_SIDE = 4;

const CLOSED = "ExecutionStatus IN ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')";

/** All that closed before this time is archived; `undefined` before the first complete sweep. ISO 8601. */
export async function archivedUntil({ store }: Pick<Deps, 'store'>): Promise<string | undefined> {
  const mark = await store.watermarks.get(WATERMARK);
  return mark === undefined ? undefined : new Date(Date.parse(mark) - OVERLAP).toISOString();
}

/**
 * Writes every closed execution into the index, once, at no cost to the execution: it reads what Temporal
 * recorded. Killed anywhere, it begins again where it was; several may run at once.
 */
export class Archiver {
  readonly #deps: Deps;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Archives from now on, every `interval` milliseconds, one second by default. */
  start(interval = 1_000): void {
    this.#running = this.#loop(interval);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #loop(interval: number): Promise<void> {
    let isFailing = false;
    while (!this.#stopped) {
      try {
        await this.sweep();
        isFailing = false;
      } catch (thrown) {
        if (!isFailing) this.#deps.log.warn({ error: messageOf(thrown) }, 'archiving failed; trying again');
        isFailing = true;
      }
      await this.#pause(isFailing ? interval * 5 : interval);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Archives all that has closed and is not archived yet; answers how many that were. */
  async sweep(): Promise<number> {
    const { store } = this.#deps;
    const mark = await store.watermarks.get(WATERMARK);
    const closed = await this.#closedSince(await archivedUntil(this.#deps));
    const known = await store.executions.archivedAmong(closed.map(({ id }) => id));
    const due = closed.filter(({ id }) => !known.has(id));
    const isComplete = await this.#archiveAll(due.map(({ id }) => id));
    const latest = closed.reduce((max, { at }) => Math.max(max, at), 0);
    if (isComplete && latest > (mark === undefined ? 0 : Date.parse(mark)))
      await store.watermarks.set(WATERMARK, new Date(latest).toISOString());
    return due.length;
  }

  async #closedSince(since: string | undefined): Promise<{ id: string; at: number }[]> {
    const query = [
      `WorkflowType = '${EXECUTION}'`,
      CLOSED,
      ...(since === undefined ? [] : [`CloseTime >= '${since}'`]),
    ].join(' AND ');
    const closed: { id: string; at: number }[] = [];
    for await (const { workflowId, closeTime } of this.#deps.client.workflow.list({ query, pageSize: 500 }))
      closed.push({ id: workflowId, at: closeTime?.getTime() ?? 0 });
    return closed;
  }

  /** One that cannot be archived is tried again in the next sweep and holds up none of the others. */
  async #archiveAll(ids: string[]): Promise<boolean> {
    const queue = [...ids];
    let failed = 0;
    const work = async () => {
      for (let id = queue.shift(); id !== undefined && !this.#stopped; id = queue.shift()) {
        try {
          await this.#archive(id);
        } catch (thrown) {
          if (failed++ === 0)
            this.#deps.log.warn({ execution: id, error: messageOf(thrown) }, 'could not be archived yet');
        }
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    return failed === 0 && queue.length === 0;
  }

  async #archive(id: string): Promise<void> {
    const { store, log } = this.#deps;
    const view = await readExecution(this.#deps, id);
    // A retried id may have been opened again since it was listed; its next end will be listed too.
    if (view.endTime === null) return;
    const { execution, steps } = toArchive(view);
    if (await store.executions.archive(execution, steps))
      log.debug({ execution: id, status: view.status }, 'archived');
  }
}
