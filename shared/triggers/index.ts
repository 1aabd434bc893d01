import { activity } from './activity.ts';
import { chat } from './chat.ts';
import { escalation } from './escalation.ts';
import { fileChange } from './file-change.ts';
import { manual } from './manual.ts';
import { plugin } from './plugin.ts';
import { schedule } from './schedule.ts';
import type { TriggerType } from './trigger-type.ts';
import { webhook } from './webhook.ts';

/** Every trigger type, in the order in which people are shown them. */
export const triggerTypes: readonly TriggerType[] = [
  manual,
  schedule,
  fileChange,
  webhook,
  activity,
  escalation,
  chat,
  plugin,
];
