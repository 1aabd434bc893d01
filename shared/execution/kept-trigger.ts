import type { FileChangeConfig } from '../triggers/file-change.ts';
import type { PluginTriggerConfig } from '../triggers/plugin.ts';
import type { ExecutionInput } from './protocol.ts';

/** A trigger that a worker keeps watch for: what it looks at and what it starts. */
export interface KeptTrigger<Config> {
  id: string;
  config: Config;
  /** The run that every event starts, complete but for the event. */
  run: ExecutionInput;
  /** Names this state of the definition; shown in the memo, so that others can tell whether it is the wanted one. */
  fingerprint: string;
}

export type FileTrigger = KeptTrigger<FileChangeConfig>;
export type PluginTrigger = KeptTrigger<PluginTriggerConfig>;
