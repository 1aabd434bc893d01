import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  defineUpdate,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { KeptTrigger } from '#shared/execution/kept-trigger.ts';

/** Takes a new definition in place of the one that is watched for. */
const redefine = defineUpdate<void, [KeptTrigger<unknown>]>('redefine');

/** For ever: a watcher that fails is started again until it is stopped. */
export const forEver = {
  scheduleToCloseTimeout: '3650 days',
  retry: {
    maximumAttempts: 1_000_000_000,
    initialInterval: '1 second',
    backoffCoefficient: 1.5,
    maximumInterval: '30 seconds',
  },
} as const;

/** Of the one activity that keeps watch: a worker that dies with it is missed within seconds. */
export const watching = {
  ...forEver,
  startToCloseTimeout: '3650 days',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** A trigger that one activity keeps watch for, whichever worker dies. It is stopped and redefined from outside. */
export abstract class KeptTriggerRun<Config> {
  readonly #historyLimit: number | undefined;
  protected trigger: KeptTrigger<Config>;
  /** The definition that is to take the place of the current one. */
  protected next: KeptTrigger<Config> | undefined;
  protected isStopping = false;
  #scope: CancellationScope | undefined;

  constructor(trigger: KeptTrigger<Config>, historyLimit?: number) {
    this.trigger = trigger;
    this.#historyLimit = historyLimit;
  }

  /** Takes new definitions in from now on; one that waits already comes at once, so all fields must be there. */
  open(): void {
    setHandler(redefine, (next) => this.#redefine(next as KeptTrigger<Config>), {
      validator: (next) => this.#validate(next as KeptTrigger<Config>),
    });
  }

  /** Until it is stopped, or its history has become long. */
  abstract run(): Promise<void>;

  /** Whether a definition's config is one of this type of trigger. */
  protected abstract isConfig(config: Config | undefined): boolean;

  /** Called when a new definition came in. */
  protected redefined(): void {}

  stop(): void {
    this.isStopping = true;
    this.#scope?.cancel();
  }

  protected get isLong(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength >= (this.#historyLimit ?? Number.POSITIVE_INFINITY);
  }

  /** What of the start input goes on into a fresh history besides what is known of the trigger. */
  protected get limit(): { historyLimit?: number } {
    return this.#historyLimit === undefined ? {} : { historyLimit: this.#historyLimit };
  }

  /** Runs in a scope that `stop` and a new definition cancel; what is left of work cut off so, `leftOf` tells. */
  protected async inScope<T>(
    work: () => Promise<T>,
    leftOf: (thrown: unknown) => T | undefined,
  ): Promise<T | undefined> {
    const scope = new CancellationScope();
    this.#scope = scope;
    try {
      return await scope.run(work);
    } catch (thrown) {
      if (!scope.consideredCancelled) throw thrown;
      return leftOf(thrown);
    } finally {
      this.#scope = undefined;
    }
  }

  #validate(next: KeptTrigger<Config> | undefined): void {
    if (this.isStopping)
      throw ApplicationFailure.nonRetryable(
        'The trigger is being stopped; start it anew.',
        'trigger.stopping',
      );
    if (next?.id !== this.trigger.id || !this.isConfig(next.config))
      throw ApplicationFailure.nonRetryable(
        `This is no definition of the trigger "${this.trigger.id}".`,
        'trigger.invalid',
      );
  }

  #redefine(next: KeptTrigger<Config>): void {
    this.next = next;
    this.redefined();
    upsertMemo({ fingerprint: next.fingerprint });
    this.#scope?.cancel();
  }
}

/** Keeps a trigger until the workflow is cancelled. */
export async function keep<Config>(run: KeptTriggerRun<Config>): Promise<void> {
  run.open();
  CancellationScope.current().cancelRequested.catch(() => run.stop());
  await CancellationScope.nonCancellable(() => run.run());
}
