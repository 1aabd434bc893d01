import { z } from 'zod';
import { problemDocument } from '#shared/contract/common.ts';
import { type Route, type RouteName, routes } from '#shared/contract/routes.ts';
import { workflowSchema } from '#shared/definition/schema.ts';
import type { Json, JsonObject } from '#shared/json.ts';

type Components = Record<string, Json>;

/** Where a schema stands: the name to give its parts, and the document's components. */
interface Place {
  name: string;
  components: Components;
}

/**
 * A schema as JSON Schema. What it defines for itself goes into the document's components, where references of a
 * document lead; parts without a name of their own get the given one in front.
 */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', { name, components }: Place): JsonObject {
  const nameOf = (key: string): string => (key.startsWith('__') ? `${name}${key}` : key);
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  });
  const text = JSON.stringify({ rest, $defs: $defs ?? {} }).replace(
    /"#\/\$defs\/([^"]+)"/g,
    (_, key: string) => `"#/components/schemas/${nameOf(key)}"`,
  );
  const moved = JSON.parse(text) as { rest: JsonObject; $defs: JsonObject };
  for (const [key, definition] of Object.entries(moved.$defs)) components[nameOf(key)] = definition;
  return moved.rest;
}

const definitionContent = {
  'application/json': { schema: { $ref: '#/components/schemas/Definition' } },
  'application/yaml': { schema: { type: 'string' } },
};

function parameters({ path, query }: Route, place: Place): JsonObject[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name ?? '',
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {}, required = [] } = query ? jsonSchema(query, 'input', place) : {};
  const inQuery = Object.entries(properties as JsonObject).map(([name, schema]) => ({
    name,
    in: 'query',
    required: (required as string[]).includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

function operation(name: RouteName, route: Route, components: Components): JsonObject {
  const place = { name, components };
  const { body, bodyOptional, response, produces = 'application/json' } = route;
  const content =
    body === 'definition'
      ? definitionContent
      : body && { 'application/json': { schema: jsonSchema(body, 'input', place) } };
  return {
    operationId: name,
    summary: route.summary,
    parameters: parameters(route, place),
    ...(content && { requestBody: { required: !bodyOptional, content: content as JsonObject } }),
    responses: {
      [route.status]: {
        description: route.summary,
        content: { [produces]: { schema: jsonSchema(response, 'output', place) } },
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
  const components: Components = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(name, route, components) };
  }
  components.Definition = jsonSchema(workflowSchema, 'input', { name: 'Definition', components });
  // It has a name of its own, by which it goes among the components.
  jsonSchema(problemDocument, 'output', { name: 'ProblemDocument', components });
  return {
    openapi: '3.1.0',
    info: { title: 'ACAS Runner', version },
    paths,
    components: { schemas: components },
  };
}
