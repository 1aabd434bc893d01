import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import type { Route } from '#shared/contract/routes.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { Json } from '#shared/json.ts';
import { Invalid } from './problems.ts';

/** A definition as it was sent. */
export interface DefinitionText {
  text: string;
  format: 'yaml' | 'json';
}

const YAML = /^(application|text)\/(x-)?yaml$/;

/** Reads a body as the bytes it is, up to 1 MB: these are what is signed. */
export const readBytes: RequestHandler = express.raw({ type: () => true, limit: '1mb' });

/** Reads any body as text, up to 2 MB; what it is, the route decides. */
export const readBody: RequestHandler = express.text({ type: () => true, limit: '2mb' });

const mediaType = (request: Request): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

function refuseType(accepts: string): never {
  throw new AppError('request.content_type', `The body must be ${accepts}.`, {
    fix: `Send it with Content-Type: ${accepts.split(' ')[0]}.`,
  });
}

export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    throw new AppError('request.malformed_json', `The body is no JSON: ${messageOf(thrown)}.`, {
      fix: 'Mend it at this place.',
    });
  }
}

const problemsOf = (error: z.ZodError) =>
  error.issues.map(({ path, message }) => ({ code: 'request.invalid', message, path: path.join('.') }));

/** Data checked against its schema. Throws `request.invalid` naming each field at fault. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const named = parsed.error.issues
    .map(({ path, message }) => `${path.join('.') || where}: ${message}`)
    .join('; ');
  throw new Invalid(
    'request.invalid',
    `The ${where} is not as it must be. ${named}`,
    problemsOf(parsed.error),
  );
}

/** The body of a request, as its route declares it: a definition's text, checked JSON, or nothing. */
export function bodyOf(request: Request, { body, bodyOptional }: Route): unknown {
  const text = typeof request.body === 'string' ? request.body : '';
  if (body === undefined) return undefined;
  if (text.trim() === '' && bodyOptional)
    return body === 'definition' ? undefined : checked(body, {}, 'body');
  const type = mediaType(request);
  if (body === 'definition') {
    if (type === 'application/json') return { text, format: 'json' } satisfies DefinitionText;
    if (YAML.test(type)) return { text, format: 'yaml' } satisfies DefinitionText;
    return refuseType('application/yaml or application/json');
  }
  if (type !== 'application/json') return refuseType('application/json');
  return checked(body, parseJson(text), 'body');
}
