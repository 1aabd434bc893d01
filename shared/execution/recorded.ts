import type { Json, JsonObject } from '../json.ts';
import type { ActivityEnd } from '../machine/failure.ts';
import type { ExecutionInput, UpdateName, UpdateRequest } from './protocol.ts';

/**
 * What a history says happened, reduced to what a run is rebuilt from. `id` is the event's number in its
 * history; times are milliseconds since the epoch; `scheduled` and `started` refer to other events' numbers.
 */
export type Recorded = { id: number; at: number } & (
  | { type: 'started'; input: ExecutionInput; scheduledTime?: number; continuedFrom?: string }
  | { type: 'task_started' }
  | { type: 'task_completed'; started: number }
  | { type: 'activity_scheduled'; path: string; action: string; parameters: JsonObject }
  | { type: 'activity_started'; scheduled: number; attempt: number }
  | { type: 'activity_completed'; scheduled: number; output: Json }
  | { type: 'activity_ended'; scheduled: number; end: ActivityEnd }
  | { type: 'timer_started'; timer: string }
  | { type: 'timer_fired'; started: number }
  | { type: 'update'; name: UpdateName; request: UpdateRequest }
  | { type: 'cancel_requested' }
  | { type: 'continued'; runId: string }
  | { type: 'terminated'; reason: string }
);
