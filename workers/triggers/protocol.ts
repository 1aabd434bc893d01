import type { FileTrigger, PluginTrigger } from '#shared/execution/kept-trigger.ts';
import type { FileChangeConfig } from '#shared/triggers/file-change.ts';

/** Start input of the workflow that keeps a watcher alive. */
export interface FileTriggerInput {
  trigger: FileTrigger;
  /** What was handled before; there where the workflow goes on in a fresh history. */
  ledger?: StoredLedger;
  /** Events of history after which it does so; for tests. */
  historyLimit?: number;
}

/**
 * A ledger as it travels: the version of every file that needs no run any more. Of a large one, `base` is the
 * blob of an earlier state and `changes` what has changed since; null stands for a file that is gone.
 */
export interface StoredLedger {
  base?: string;
  changes: Record<string, string | null>;
}

/** What a baseline is taken of, and in place of what. */
export interface BaselineInput {
  config: FileChangeConfig;
  /** Files that appeared after this, in milliseconds since the epoch, do not belong to it. */
  since: number;
  previous?: { config: FileChangeConfig; ledger: StoredLedger };
}

export interface WatchInput {
  trigger: FileTrigger;
  ledger: StoredLedger;
}

/** Start input of the workflow that keeps listening to a plugin. */
export interface PluginTriggerInput {
  trigger: PluginTrigger;
  /** Events of history after which it goes on in a fresh one; for tests. */
  historyLimit?: number;
}

/** The activities of triggers. */
export type TriggerActivities = {
  /** What exists now, as a ledger; what the previous ledger lacks although it was watched stays lacking. */
  'trigger.baseline'(input: BaselineInput): Promise<StoredLedger>;
  /** Watches, and starts a run for every change, until it is cancelled; then resolves to its ledger. */
  'trigger.watch'(input: WatchInput): Promise<StoredLedger>;
  /** Listens to a plugin, and starts a run for every event, until it is cancelled. */
  'trigger.listen'(input: { trigger: PluginTrigger }): Promise<void>;
};
