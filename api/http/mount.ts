import { randomUUID } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import type { z } from 'zod';
import { type Route, type RouteName, routes } from '#shared/contract/routes.ts';
import { bodyOf, checked, type DefinitionText } from './body.ts';

type Body<R extends Route> = R extends { body: 'definition' }
  ? R extends { bodyOptional: true }
    ? DefinitionText | undefined
    : DefinitionText
  : R extends { body: infer B extends z.ZodType }
    ? z.output<B>
    : undefined;

type Query<R extends Route> = R extends { query: infer Q extends z.ZodType } ? z.output<Q> : undefined;

/** One request, checked against the contract. */
export interface Call<R extends Route> {
  params: Record<string, string>;
  query: Query<R>;
  body: Body<R>;
  /** The client's `X-Request-Id`, or one of ours; updates carry it, so that a repeated request acts once. */
  requestId: string;
  request: Request;
  response: Response;
}

type Answer<R extends Route> = R extends { produces: string } ? undefined : z.input<R['response']>;

/** What answers a route. A route that produces something else than JSON writes its response itself. */
export type Handler<Name extends RouteName> = (
  call: Call<(typeof routes)[Name]>,
) => Promise<Answer<(typeof routes)[Name]>>;

export type Handlers = { [Name in RouteName]: Handler<Name> };

/** Binds every route of the contract to its handler. A route without one does not compile. */
export function mount(app: Express, handlers: Handlers): void {
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const handler = handlers[name] as (call: unknown) => Promise<unknown>;
    app[route.method](route.path, async (request, response) => {
      const answer = await handler({
        params: request.params,
        query: route.query && checked(route.query, request.query, 'query'),
        body: bodyOf(request, route),
        requestId: request.get('x-request-id')?.slice(0, 200) || randomUUID(),
        request,
        response,
      });
      if (route.produces !== undefined) return;
      if (response.statusCode === 200) response.status(route.status);
      response.json(answer);
    });
  }
}
