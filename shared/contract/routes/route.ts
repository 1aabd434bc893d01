import { z } from 'zod';

/** One route of the API: what goes in, what comes out. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  summary: string;
  query?: z.ZodObject;
  /** Schema of a JSON body; `definition` for routes that take a workflow as JSON or YAML. */
  body?: z.ZodType | 'definition';
  /** The body may be left out. */
  bodyOptional?: boolean;
  status: number;
  response: z.ZodType;
  /** Media type of the answer where it is not JSON. */
  produces?: string;
}

/** Keeps the types of a route's schemas. */
export const route = <const R extends Route>(definition: R): R => definition;

/** An answer that is plain text. */
export const text = z.string();
