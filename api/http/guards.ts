import type { RequestHandler } from 'express';
import { AppError } from '#shared/errors.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `[::1]:4000` → `[::1]`, `example.org.` → `example.org`; undefined for what is no host. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:/@\s]+?)\.?(:\d{1,5})?$/i.exec(host ?? '');
  return match?.[1]?.toLowerCase();
}

/**
 * Refuses requests that name a host this server does not go by. A page whose domain was pointed at this machine
 * (DNS rebinding) cannot get past it.
 */
export function hostGuard(allowed: readonly string[]): RequestHandler {
  const names = new Set([...LOOPBACK, ...allowed.map((name) => name.toLowerCase())]);
  return (request, _response, next) => {
    const name = hostName(request.headers.host);
    if (name !== undefined && names.has(name)) return next();
    throw new AppError(
      'request.host',
      `This server does not answer for the host ${JSON.stringify(request.headers.host ?? '')}.`,
      {
        fix: 'Use the URL it printed, or add the host name to ACAS_ALLOWED_HOSTS.',
      },
    );
  };
}

/** Refuses changes that another site's page asks for (cross-site request forgery). */
export const originGuard: RequestHandler = (request, _response, next) => {
  if (SAFE.has(request.method)) return next();
  const { origin, host } = request.headers;
  const isForeign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
  if (!isForeign && request.headers['sec-fetch-site'] !== 'cross-site') return next();
  throw new AppError(
    'request.origin',
    `A page of ${origin ?? 'another site'} may not change anything here.`,
    {
      fix: 'Use the interface this server itself serves, or a client that sends no Origin.',
    },
  );
};

const POLICY = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
];

/** Headers that keep a browser from being talked into anything. */
export const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': POLICY.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
  next();
};
