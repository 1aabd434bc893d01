import type { Request } from 'express';
import type { Json, JsonObject } from '#shared/json.ts';
import { parseJson } from '../http/body.ts';

/** Headers that may let others in; no history is to hold them. */
const SECRET_HEADER = /^(cookie|proxy-authorization|authorization)$|token|secret|signature|api-?key/;

const headersOf = ({ headers }: Request): JsonObject =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || SECRET_HEADER.test(name) ? [] : [[name, value]],
    ),
  );

function bodyOf(request: Request, body: Buffer): Json {
  const text = body.toString('utf8');
  if (text.trim() === '') return null;
  if (request.is(['json', '+json'])) return parseJson(text);
  if (request.is('urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  return text;
}

/**
 * What a webhook's run sees of the call: `headers` without those that let somebody in, `query`, and `body`, which is
 * JSON or a form's fields as an object, anything else as text, and null where there is none.
 * @throws AppError `request.malformed_json`
 */
export const webhookEvent = (request: Request, body: Buffer): JsonObject => ({
  headers: headersOf(request),
  query: { ...request.query } as JsonObject,
  body: bodyOf(request, body),
});
