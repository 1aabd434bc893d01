import type { Run } from '#shared/execution/protocol.ts';
import type { JsonObject } from '#shared/json.ts';

/** A trigger as the published version wants it. */
export interface WantedTrigger {
  workflowId: string;
  triggerId: string;
  config: JsonObject;
  version: number;
  /** Differs where anything differs that Temporal has to know. */
  fingerprint: string;
  /** The run that its events start, complete but for the event. */
  run: Run;
}

/** Which trigger of which workflow. */
export interface TriggerKey {
  workflowId: string;
  triggerId: string;
}

/** A trigger as Temporal has it. */
export interface ExistingTrigger extends TriggerKey {
  fingerprint: string;
  isPaused: boolean;
  nextRuns: string[];
  /** Why it does not work at present. */
  failure?: string;
}

/** Brings the triggers of one type into Temporal. Every operation may be repeated at any time. */
export interface Syncer {
  type: string;
  /** Makes it exist as it is wanted; what an earlier version of it has seen is kept. */
  put(wanted: WantedTrigger): Promise<void>;
  /** Lets it rest, if it exists: its workflow still declares it. */
  rest(key: TriggerKey): Promise<void>;
  /** Lets it be gone. */
  remove(key: TriggerKey): Promise<void>;
  /** What there is, of all workflows or of one; may lag a moment behind. */
  existing(workflowId?: string): Promise<ExistingTrigger[]>;
}

/** `prefix.workflow.trigger`; neither id can hold a dot. */
export const temporalId = (prefix: string, { workflowId, triggerId }: TriggerKey): string =>
  `${prefix}.${workflowId}.${triggerId}`;

/** The trigger that an id stands for; `undefined` where it is none of that prefix. */
export function keyOf(prefix: string, id: string): TriggerKey | undefined {
  const [found, workflowId, triggerId, ...rest] = id.split('.');
  if (found !== prefix || !workflowId || !triggerId || rest.length > 0) return undefined;
  return { workflowId, triggerId };
}
