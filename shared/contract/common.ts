import { z } from 'zod';

/** Any JSON value. */
export const json = z.json().meta({ id: 'Json', description: 'Any JSON value.' });

/** Largest revision or version: both engines of the store can hold it. */
export const LARGEST_NUMBER = 2 ** 31 - 1;

/** A page's place in its list, as the page before gave it. */
export const paging = {
  limit: z.coerce.number<string>().int().min(1).max(200).default(50),
  cursor: z.string().max(1_000).optional(),
};

/** A page of a list. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const problem = z
  .object({
    code: z.string(),
    message: z.string(),
    path: z.string(),
    line: z.int().optional(),
    column: z.int().optional(),
    fix: z.string().optional(),
  })
  .meta({
    id: 'Problem',
    description: 'One thing wrong with a definition: what, where, and how to mend it.',
  });

/** What every error answer looks like (RFC 9457, application/problem+json). */
export const problemDocument = z
  .object({
    type: z.string(),
    status: z.int(),
    code: z.string(),
    title: z.string(),
    detail: z.string(),
    fix: z.string().optional(),
    problems: z.array(problem).optional(),
    details: json.optional(),
  })
  .meta({ id: 'ProblemDocument' });

export type ProblemDocument = z.infer<typeof problemDocument>;

export const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC.' });
export const jsonObject = z.record(z.string(), json);
