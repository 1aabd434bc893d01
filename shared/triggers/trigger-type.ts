import type { z } from 'zod';
import type { JsonObject } from '../json.ts';

/** One type of trigger: what people configure, and what the event it fires with holds. */
export interface TriggerType {
  type: string;
  title: string;
  description: string;
  /** A lucide icon name. */
  icon: string;
  config: z.ZodType;
  /** The fields of `trigger` besides id, type and time, with a sample of each, for completion and dry runs. */
  sample: JsonObject;
}
