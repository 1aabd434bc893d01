import { z } from 'zod';
import { problemDocument } from '#shared/contract/common.ts';
import { type Route, type RouteName, routes } from '#shared/contract/routes.ts';
import { workflowSchema } from '#shared/definition/schema.ts';
import type { JsonObject } from '#shared/json.ts';

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as JsonObject;
};

const definitionContent = {
  'application/json': { schema: { $ref: '#/components/schemas/Definition' } },
  'application/yaml': { schema: { type: 'string' } },
};

function parameters({ path, query }: Route): JsonObject[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name ?? '',
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {}, required = [] } = query ? jsonSchema(query, 'input') : {};
  const inQuery = Object.entries(properties as JsonObject).map(([name, schema]) => ({
    name,
    in: 'query',
    required: (required as string[]).includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

function operation(name: RouteName, route: Route): JsonObject {
  const { body, bodyOptional, response, produces = 'application/json' } = route;
  const content =
    body === 'definition'
      ? definitionContent
      : body && { 'application/json': { schema: jsonSchema(body, 'input') } };
  return {
    operationId: name,
    summary: route.summary,
    parameters: parameters(route),
    ...(content && { requestBody: { required: !bodyOptional, content: content as JsonObject } }),
    responses: {
      [route.status]: {
        description: route.summary,
        content: { [produces]: { schema: jsonSchema(response, 'output') } },
      },
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDocument' } } },
      },
    },
  };
}

/** The API as an OpenAPI 3.1 document, made from the same contract that answers requests. */
export function openApi(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'ACAS Runner', version },
    paths,
    components: {
      schemas: {
        Definition: jsonSchema(workflowSchema, 'input'),
        ProblemDocument: jsonSchema(problemDocument, 'output'),
      },
    },
  };
}
