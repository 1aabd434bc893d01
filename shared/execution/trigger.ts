import type { JsonObject } from '../json.ts';

/**
 * The trigger's event as the run sees it. A schedule's start input is the same every time, so the instant it
 * stands for is taken from Temporal. Times are milliseconds since the epoch.
 */
export function triggerEvent(trigger: JsonObject, startTime: number, scheduledTime?: number): JsonObject {
  const time = new Date(scheduledTime ?? startTime).toISOString();
  return { time, ...trigger, ...(scheduledTime === undefined ? {} : { scheduledTime: time, time }) };
}
