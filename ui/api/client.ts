import type { z } from 'zod';
import type { ProblemDocument } from '#shared/contract/common.ts';
import type { Route, routes } from '#shared/contract/routes.ts';

type Routes = (typeof routes)[keyof typeof routes];
type Method = Routes['method'];
type Of<M extends Method, P extends string> = Extract<Routes, { method: M; path: P }>;
type PathOf<M extends Method> = Extract<Routes, { method: M }>['path'];

type ParamsOf<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamsOf<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

type Definition = { text: string; format: 'yaml' | 'json' };
type BodyOf<R extends Route> = R extends { body: infer B }
  ? B extends z.ZodType
    ? z.input<B>
    : Definition
  : never;
type QueryOf<R extends Route> = R extends { query: infer Q extends z.ZodType } ? Partial<z.output<Q>> : never;

/** What a request takes: the path's parameters, the query, the body (of definitions: their text). */
export type Ask<R extends Route, P extends string> = {
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
} & ([ParamsOf<P>] extends [never] ? { params?: undefined } : { params: Record<ParamsOf<P>, string> }) &
  ([QueryOf<R>] extends [never] ? { query?: undefined } : { query?: QueryOf<R> }) &
  ([BodyOf<R>] extends [never] ? { body?: undefined } : { body?: BodyOf<R> });

export type AnswerOf<R extends Route> = z.output<R['response']>;

/** The API said no: what, and how to mend it. */
export class Refused extends Error {
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The API could not be reached, or something else answered in its place. */
export class Unreachable extends Error {}

const filled = (path: string, params: Record<string, string> = {}): string =>
  path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

function queryText(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

const isDefinition = (body: unknown): body is Definition =>
  typeof body === 'object' && body !== null && 'text' in body && 'format' in body;

function bodyOf(body: unknown): { content?: string; type?: string } {
  if (body === undefined) return {};
  if (!isDefinition(body)) return { content: JSON.stringify(body), type: 'application/json' };
  return { content: body.text, type: body.format === 'json' ? 'application/json' : 'application/yaml' };
}

/** A server that has not answered by then is one that cannot be reached; in milliseconds. */
const PATIENCE = 15_000;

interface Loose {
  params?: Record<string, string> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string> | undefined;
}

async function send(method: Method, path: string, ask: Loose): Promise<Response> {
  const { content, type } = bodyOf(ask.body);
  const late = AbortSignal.timeout(PATIENCE);
  try {
    return await fetch(`${filled(path, ask.params)}${queryText(ask.query)}`, {
      method: method.toUpperCase(),
      headers: { ...ask.headers, ...(type !== undefined && { 'Content-Type': type }) },
      ...(content !== undefined && { body: content }),
      signal: ask.signal ? AbortSignal.any([ask.signal, late]) : late,
    });
  } catch (thrown) {
    if (ask.signal?.aborted) throw thrown;
    throw new Unreachable('The server cannot be reached.', { cause: thrown });
  }
}

async function answer(response: Response): Promise<unknown> {
  const type = response.headers.get('Content-Type') ?? '';
  if (!type.includes('json')) {
    if (response.ok) return response.text();
    throw new Unreachable(`The server answered ${response.status}.`);
  }
  const body: unknown = await response.json();
  if (response.ok || response.status === 503) return body;
  throw new Refused(body as ProblemDocument);
}

/**
 * One request to the API, typed by the contract: `request('get', '/api/workflows/:id', { params: { id } })`.
 * Throws `Refused` with the API's problem, or `Unreachable`.
 */
export async function request<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...[ask]: Record<string, never> extends Ask<Of<M, P>, P> ? [Ask<Of<M, P>, P>?] : [Ask<Of<M, P>, P>]
): Promise<AnswerOf<Of<M, P>>> {
  return (await answer(await send(method, path, (ask ?? {}) as Loose))) as AnswerOf<Of<M, P>>;
}
