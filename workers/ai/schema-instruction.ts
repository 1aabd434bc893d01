import type { JsonObject } from '#shared/json.ts';

/** Asks for an answer by a schema in words, where a provider cannot enforce it. */
export const schemaInstruction = (schema: JsonObject): string =>
  `Answer with nothing but one JSON value that follows this JSON Schema:\n${JSON.stringify(schema)}`;
