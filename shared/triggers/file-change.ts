import { z } from 'zod';
import type { TriggerType } from './trigger-type.ts';

export const fileEvents = ['add', 'change', 'unlink'] as const;

/** What a file trigger watches. Paths are relative to the workspace. */
export const fileChangeConfig = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(1_000)
    .meta({ description: 'A glob such as src/**/*.{ts,tsx}, relative to the workspace.' }),
  events: z.array(z.enum(fileEvents)).min(1).default(['add', 'change']),
  pattern: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: 'A second glob that the path must match too.' }),
  ignored: z
    .array(z.string().max(1_000))
    .max(50)
    .optional()
    .meta({ description: 'Globs of paths to leave out.' }),
  dotfiles: z.boolean().default(false),
  settle: z
    .int()
    .min(0)
    .max(60_000)
    .default(300)
    .meta({ description: 'Milliseconds a file must stay unchanged first.' }),
});

export type FileChangeConfig = z.infer<typeof fileChangeConfig>;

export const fileChange: TriggerType = {
  type: 'file_change',
  title: 'File change',
  description:
    'A file that matches is added, changed or deleted. Files that change while nothing runs are caught up.',
  icon: 'file-clock',
  config: fileChangeConfig,
  sample: { filePath: 'src/app.ts', event: 'change', size: 1_024 },
};
