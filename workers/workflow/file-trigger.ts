import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  defineUpdate,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  TimeoutFailure,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { FileTrigger } from '#shared/execution/file-trigger.ts';
import type { FileChangeConfig } from '#shared/triggers/file-change.ts';
import type { FileTriggerInput, StoredLedger, TriggerActivities } from '../triggers/protocol.ts';

/** Takes a new definition in place of the one that is watched for; what was handled stays handled. */
const redefine = defineUpdate<void, [FileTrigger]>('redefine');

/** For ever: a watcher that fails is started again until it is stopped. */
const forEver = {
  scheduleToCloseTimeout: '3650 days',
  retry: {
    maximumAttempts: 1_000_000_000,
    initialInterval: '1 second',
    backoffCoefficient: 1.5,
    maximumInterval: '30 seconds',
  },
} as const;

const { 'trigger.baseline': takeBaseline } = proxyActivities<TriggerActivities>({
  ...forEver,
  startToCloseTimeout: '10 minutes',
});

const { 'trigger.watch': watch } = proxyActivities<TriggerActivities>({
  ...forEver,
  startToCloseTimeout: '3650 days',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** What is watched, apart from what is done about it. */
const watched = ({ path, pattern, ignored, dotfiles }: FileChangeConfig): string =>
  JSON.stringify([path, pattern ?? null, ignored ?? [], dotfiles]);

function lastHeartbeat(thrown: unknown): StoredLedger | undefined {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown;
  return cause instanceof TimeoutFailure
    ? (cause.lastHeartbeatDetails as StoredLedger | undefined)
    : undefined;
}

/** One file trigger: a single watcher is alive whichever worker dies, and its ledger is never lost. */
class FileTriggerRun {
  readonly #historyLimit: number | undefined;
  #trigger: FileTrigger;
  #ledger: StoredLedger | undefined;
  /** The definition that is to take the place of the current one. */
  #next: FileTrigger | undefined;
  #isStopping = false;
  /** When what is being adopted was asked for: what appears later is an event, however late the baseline is taken. */
  #since = workflowInfo().startTime.getTime();
  #scope: CancellationScope | undefined;

  constructor({ trigger, ledger, historyLimit }: FileTriggerInput) {
    this.#trigger = trigger;
    this.#ledger = ledger;
    this.#historyLimit = historyLimit;
    setHandler(redefine, (next) => this.#redefine(next), { validator: (next) => this.#validate(next) });
  }

  stop(): void {
    this.#isStopping = true;
    this.#scope?.cancel();
  }

  /** Until it is stopped, or its history has become long. */
  async run(): Promise<void> {
    for (;;) {
      await this.#adopt();
      if (this.#isStopping) return;
      const { continueAsNewSuggested, historyLength } = workflowInfo();
      if (continueAsNewSuggested || historyLength >= (this.#historyLimit ?? Number.POSITIVE_INFINITY))
        return this.#continue();
      this.#ledger = (await this.#watch()) ?? this.#ledger;
    }
  }

  #validate(next: FileTrigger): void {
    if (this.#isStopping)
      throw ApplicationFailure.nonRetryable(
        'The trigger is being stopped; start it anew.',
        'trigger.stopping',
      );
    if (next?.id !== this.#trigger.id || !next.config?.path)
      throw ApplicationFailure.nonRetryable(
        `This is no definition of the trigger "${this.#trigger.id}".`,
        'trigger.invalid',
      );
  }

  #redefine(next: FileTrigger): void {
    this.#next = next;
    this.#since = Date.now();
    upsertMemo({ fingerprint: next.fingerprint });
    this.#scope?.cancel();
  }

  /** Brings definition and ledger up to date with each other. */
  async #adopt(): Promise<void> {
    while (!this.#isStopping && (this.#next || !this.#ledger)) {
      const next = this.#next ?? this.#trigger;
      this.#next = undefined;
      const isSame = watched(next.config) === watched(this.#trigger.config);
      const ledger = this.#ledger && isSame ? this.#ledger : await this.#baseline(next.config);
      if (ledger) {
        this.#ledger = ledger;
        this.#trigger = next;
      } else this.#next ??= next;
    }
  }

  #baseline(config: FileChangeConfig): Promise<StoredLedger | undefined> {
    const ledger = this.#ledger;
    const since = this.#since;
    const input = { config, since, ...(ledger && { previous: { config: this.#trigger.config, ledger } }) };
    return this.#inScope(() =>
      takeBaseline.executeWithOptions({ summary: `what exists of ${config.path}` }, [input]),
    );
  }

  #watch(): Promise<StoredLedger | undefined> {
    const trigger = this.#trigger;
    const ledger = this.#ledger ?? { changes: {} };
    const summary = `watching ${trigger.config.path}`;
    return this.#inScope(() => watch.executeWithOptions({ summary }, [{ trigger, ledger }]));
  }

  /**
   * Runs in a scope that `stop` and `redefine` cancel. An activity that could not answer its cancellation any
   * more leaves what it said last, or nothing: a change handled since is then found again, but has the same
   * execution id and so starts nothing.
   */
  async #inScope(work: () => Promise<StoredLedger>): Promise<StoredLedger | undefined> {
    const scope = new CancellationScope();
    this.#scope = scope;
    try {
      return await scope.run(work);
    } catch (thrown) {
      if (!scope.consideredCancelled) throw thrown;
      return lastHeartbeat(thrown);
    } finally {
      this.#scope = undefined;
    }
  }

  #continue(): Promise<never> {
    const { memo } = workflowInfo();
    const [trigger, ledger, historyLimit] = [this.#trigger, this.#ledger, this.#historyLimit];
    const input = { trigger, ...(ledger && { ledger }), ...(historyLimit !== undefined && { historyLimit }) };
    return makeContinueAsNewFunc<typeof file_trigger>({ ...(memo && { memo }) })(input);
  }
}

/** The Temporal workflow that keeps one file watcher alive. Cancelling it stops the trigger. */
export async function file_trigger(input: FileTriggerInput): Promise<void> {
  const run = new FileTriggerRun(input);
  CancellationScope.current().cancelRequested.catch(() => run.stop());
  await CancellationScope.nonCancellable(() => run.run());
}
