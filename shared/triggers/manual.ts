import { z } from 'zod';
import type { TriggerType } from './trigger-type.ts';

export const manual: TriggerType = {
  type: 'manual',
  title: 'Manual',
  description: 'Somebody starts the workflow, in the interface or through the API.',
  icon: 'hand',
  config: z.strictObject({}),
  sample: {},
};
