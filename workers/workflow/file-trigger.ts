import {
  ActivityFailure,
  makeContinueAsNewFunc,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { FileChangeConfig } from '#shared/triggers/file-change.ts';
import type { FileTriggerInput, StoredLedger, TriggerActivities } from '../triggers/protocol.ts';
import { forEver, KeptTriggerRun, keep, watching } from './kept-trigger.ts';

const { 'trigger.baseline': takeBaseline } = proxyActivities<TriggerActivities>({
  ...forEver,
  startToCloseTimeout: '10 minutes',
});

const { 'trigger.watch': watch } = proxyActivities<TriggerActivities>(watching);

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
class FileTriggerRun extends KeptTriggerRun<FileChangeConfig> {
  #ledger: StoredLedger | undefined;
  /** When what is being adopted was asked for: what appears later is an event, however late the baseline is taken. */
  #since = workflowInfo().startTime.getTime();

  constructor({ trigger, ledger, historyLimit }: FileTriggerInput) {
    super(trigger, historyLimit);
    this.#ledger = ledger;
  }

  /** Until it is stopped, or its history has become long. */
  async run(): Promise<void> {
    for (;;) {
      await this.#adopt();
      if (this.isStopping) return;
      if (this.isLong) return this.#continue();
      this.#ledger = (await this.#watch()) ?? this.#ledger;
    }
  }

  protected isConfig(config: FileChangeConfig | undefined): boolean {
    return Boolean(config?.path);
  }

  protected override redefined(): void {
    this.#since = Date.now();
  }

  /** Brings definition and ledger up to date with each other. */
  async #adopt(): Promise<void> {
    while (!this.isStopping && (this.next || !this.#ledger)) {
      const next = this.next ?? this.trigger;
      this.next = undefined;
      const isSame = watched(next.config) === watched(this.trigger.config);
      const ledger = this.#ledger && isSame ? this.#ledger : await this.#baseline(next.config);
      if (ledger) {
        this.#ledger = ledger;
        this.trigger = next;
      } else this.next ??= next;
    }
  }

  #baseline(config: FileChangeConfig): Promise<StoredLedger | undefined> {
    const ledger = this.#ledger;
    const since = this.#since;
    const input = { config, since, ...(ledger && { previous: { config: this.trigger.config, ledger } }) };
    return this.#inScope(() =>
      takeBaseline.executeWithOptions({ summary: `what exists of ${config.path}` }, [input]),
    );
  }

  #watch(): Promise<StoredLedger | undefined> {
    const trigger = this.trigger;
    const ledger = this.#ledger ?? { changes: {} };
    const summary = `watching ${trigger.config.path}`;
    return this.#inScope(() => watch.executeWithOptions({ summary }, [{ trigger, ledger }]));
  }

  /**
   * An activity that could not answer its cancellation any more leaves what it said last, or nothing: a change handled
   * since is then found again, but has the same execution id and so starts nothing.
   */
  #inScope(work: () => Promise<StoredLedger>): Promise<StoredLedger | undefined> {
    return this.inScope(work, lastHeartbeat);
  }

  #continue(): Promise<never> {
    const { memo } = workflowInfo();
    const input = { trigger: this.trigger, ...(this.#ledger && { ledger: this.#ledger }), ...this.limit };
    return makeContinueAsNewFunc<typeof file_trigger>({ ...(memo && { memo }) })(input);
  }
}

/** The Temporal workflow that keeps one file watcher alive. Cancelling it stops the trigger. */
export const file_trigger = (input: FileTriggerInput): Promise<void> => keep(new FileTriggerRun(input));
