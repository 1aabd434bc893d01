import { z } from 'zod';
import { instant } from './common.ts';

/** How secrets are named: what can stand after `secrets.` in an expression. */
export const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

const secretName = z.string().regex(SECRET_NAME, 'A secret is named with letters, digits and _ only.');

const value = z
  .string()
  .min(1)
  .max(64 * 1024)
  .meta({ description: 'Can never be read again.' });

const description = z.string().max(1_000).optional();

export const secretRequest = z.strictObject({ name: secretName, value, description });

export const secretReplacement = z.strictObject({ value, description });

export const secretView = z
  .object({ name: z.string(), description: z.string().nullable(), createdAt: instant, updatedAt: instant })
  .meta({ id: 'Secret' });
