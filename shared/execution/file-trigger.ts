import type { FileChangeConfig } from '../triggers/file-change.ts';
import type { ExecutionInput } from './protocol.ts';

/** What a file trigger watches and what it starts. */
export interface FileTrigger {
  id: string;
  config: FileChangeConfig;
  /** The run that every event starts, complete but for the event. */
  run: ExecutionInput;
  /** Names this state of the definition; shown in the memo, so that others can tell whether it is the wanted one. */
  fingerprint: string;
}
