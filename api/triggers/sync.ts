import { messageOf } from '#shared/errors.ts';
import type { Deps } from '../deps.ts';
import { reasonNotReady } from '../incoming/readiness.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { fileChangeSyncer, pluginSyncer } from './kept.ts';
import { scheduleSyncer } from './schedule.ts';
import type { ExistingTrigger, Syncer } from './syncer.ts';
import { type Fingerprint, fingerprints, isOn, recentlyDeclared, wantedTrigger } from './wanted.ts';

/** Milliseconds between two comparisons of what there is with what there should be. */
const SWEEP_EVERY = 30_000;

/** How long Temporal may take to answer before a synchronisation is left to the sweeper, in milliseconds. */
const PATIENCE = 5_000;

/** A trigger as `GET /api/triggers` lists it. */
export interface TriggerView {
  id: string;
  workflowId: string;
  triggerId: string;
  type: string;
  config: TriggerRecord['config'];
  enabled: boolean;
  /** ISO-8601; of schedules only. */
  nextRuns: string[];
  /** `active`, `disabled`, `not yet active` or `failing: <why>`. */
  state: string;
}

/** Keeps the triggers in Temporal in line with the published definitions. */
export interface TriggerSync {
  /**
   * Brings the triggers of one workflow in line: call it after every change. Never throws; what fails is logged,
   * and mended by the sweeper.
   */
  sync(workflowId: string): Promise<void>;
  /** The same for every workflow whose triggers are not what they should be. Never throws. */
  syncAll(): Promise<void>;
  /** Starts the sweeper, which mends what a crash between a change and its synchronisation has left behind. */
  start(): void;
  stop(): void;
  list(): Promise<TriggerView[]>;
}

const idOf = (type: string, { workflowId, triggerId }: { workflowId: string; triggerId: string }): string =>
  `${type} ${workflowId}/${triggerId}`;

class Sync implements TriggerSync {
  readonly #deps: Deps;
  readonly #syncers: Map<string, Syncer>;
  readonly #fingerprint: Fingerprint;
  /** Why triggers could not be brought into Temporal. */
  readonly #failures = new Map<string, string>();
  /** The last synchronisation of each workflow: two at a time would overtake one another. */
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#syncers = new Map(
      [scheduleSyncer(deps), fileChangeSyncer(deps), pluginSyncer(deps)].map((syncer) => [
        syncer.type,
        syncer,
      ]),
    );
    this.#fingerprint = fingerprints(deps);
  }

  sync(workflowId: string): Promise<void> {
    const before = this.#running.get(workflowId) ?? Promise.resolve();
    const next = before.then(() => this.#sync(workflowId));
    this.#running.set(workflowId, next);
    return next.finally(() => {
      if (this.#running.get(workflowId) === next) this.#running.delete(workflowId);
    });
  }

  async syncAll(): Promise<void> {
    try {
      for (const workflowId of await this.#unlike()) await this.sync(workflowId);
    } catch (thrown) {
      this.#deps.log.warn(
        { err: thrown },
        'triggers could not be compared with what they should be; trying again',
      );
    }
  }

  start(): void {
    const sweep = async (): Promise<void> => {
      await this.syncAll();
      if (this.#timer) this.#timer = setTimeout(sweep, SWEEP_EVERY).unref();
    };
    this.#timer ??= setTimeout(sweep, SWEEP_EVERY).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async list(): Promise<TriggerView[]> {
    const records = await this.#deps.store.triggers.all();
    const existing = await this.#existingOrWhy();
    return Promise.all(
      records.map(async (record) => {
        const { id, workflowId, triggerId, type, config } = record;
        const found = typeof existing === 'string' ? undefined : existing.get(idOf(type, record));
        const nextRuns = isOn(record) ? (found?.nextRuns ?? []) : [];
        const state =
          typeof existing === 'string' && isOn(record) ? existing : await this.#stateOf(record, found);
        return { id, workflowId, triggerId, type, config, enabled: isOn(record), nextRuns, state };
      }),
    );
  }

  async #stateOf(record: TriggerRecord, found: ExistingTrigger | undefined): Promise<string> {
    if (!isOn(record)) return 'disabled';
    const failure = await this.#failureOf(record, found);
    if (failure !== undefined) return `failing: ${failure}`;
    if (!this.#syncers.has(record.type)) return 'active';
    const workflow = await this.#deps.store.workflows.get(record.workflowId);
    const wanted = this.#fingerprint(record, workflow?.publishedVersion ?? null);
    return found && !found.isPaused && found.fingerprint === wanted ? 'active' : 'not yet active';
  }

  async #failureOf(record: TriggerRecord, found: ExistingTrigger | undefined): Promise<string | undefined> {
    if (!this.#syncers.has(record.type)) return reasonNotReady(this.#deps, record);
    return this.#failures.get(idOf(record.type, record)) ?? found?.failure;
  }

  #existing(workflowId?: string): Promise<Map<string, ExistingTrigger>> {
    return this.#patiently(async () => {
      const lists = [...this.#syncers.values()].map(async ({ type, existing }) =>
        (await existing(workflowId)).map((found) => [idOf(type, found), found] as const),
      );
      return new Map((await Promise.all(lists)).flat());
    });
  }

  async #existingOrWhy(): Promise<Map<string, ExistingTrigger> | string> {
    try {
      return await this.#existing();
    } catch (thrown) {
      this.#deps.log.warn({ err: thrown }, 'Temporal does not list the triggers');
      return 'failing: Temporal does not answer.';
    }
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return this.#deps.client.withDeadline(Date.now() + PATIENCE, work);
  }

  /** Workflows whose triggers are not in Temporal as they should be, or are there although they should not. */
  async #unlike(): Promise<Set<string>> {
    const { store } = this.#deps;
    const [records, existing] = await Promise.all([store.triggers.all(), this.#existing()]);
    const declared = new Map(records.map((record) => [idOf(record.type, record), record]));
    const unlike = new Set<string>();
    for (const [id, { workflowId, isPaused }] of existing) {
      const record = declared.get(id);
      if (!record || (!isOn(record) && !isPaused)) unlike.add(workflowId);
    }
    for (const [id, record] of declared) {
      if (!isOn(record) || !this.#syncers.has(record.type) || unlike.has(record.workflowId)) continue;
      const { publishedVersion = null } = (await store.workflows.get(record.workflowId)) ?? {};
      const found = existing.get(id);
      if (!found || found.isPaused || found.fingerprint !== this.#fingerprint(record, publishedVersion))
        unlike.add(record.workflowId);
    }
    return unlike;
  }

  /** All at once and within one deadline: a trigger that waits for a worker holds none of the others up. */
  async #sync(workflowId: string): Promise<void> {
    const { store, log } = this.#deps;
    try {
      const records = await store.triggers.ofWorkflow(workflowId);
      await this.#patiently(() =>
        Promise.all([
          ...records.map((record) => this.#bring(record)),
          this.#removeOthers(workflowId, records),
        ]),
      );
    } catch (thrown) {
      log.warn(
        { err: thrown, workflow: workflowId },
        'triggers could not be brought into Temporal; trying again',
      );
    }
  }

  /** One trigger's failure keeps none of the others from working. */
  async #bring(record: TriggerRecord): Promise<void> {
    const { workflowId, triggerId, type } = record;
    const syncer = this.#syncers.get(type);
    if (!syncer) return;
    const id = idOf(type, record);
    try {
      await (isOn(record) ? this.#put(syncer, record) : syncer.rest(record));
      this.#failures.delete(id);
    } catch (thrown) {
      this.#failures.set(id, messageOf(thrown));
      this.#deps.log.warn(
        { err: thrown, workflow: workflowId, trigger: triggerId },
        'a trigger could not be brought into Temporal; trying again',
      );
    }
  }

  async #put(syncer: Syncer, record: TriggerRecord): Promise<void> {
    const workflow = await this.#deps.store.workflows.get(record.workflowId);
    if (!workflow) return;
    const fingerprint = this.#fingerprint(record, workflow.publishedVersion);
    await syncer.put(await wantedTrigger(this.#deps, workflow, record, fingerprint));
  }

  async #removeOthers(workflowId: string, declared: TriggerRecord[]): Promise<void> {
    const kept = new Set(declared.map((record) => idOf(record.type, record)));
    const recent = await recentlyDeclared(this.#deps, workflowId);
    for (const syncer of this.#syncers.values()) {
      const listed = await syncer.existing(workflowId);
      const known = [...listed, ...recent.filter(({ type }) => type === syncer.type)];
      for (const triggerId of new Set(known.map((trigger) => trigger.triggerId))) {
        const key = { workflowId, triggerId };
        if (kept.has(idOf(syncer.type, key))) continue;
        this.#failures.delete(idOf(syncer.type, key));
        await syncer.remove(key);
      }
    }
  }
}

/** Makes the synchroniser; nothing happens until it is asked. */
export const createTriggerSync = (deps: Deps): TriggerSync => new Sync(deps);
