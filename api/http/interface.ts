import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** Says how long files may be kept; what the API answers is never kept, which is said for every answer before. */
const kept = (howLong: string): Parameters<typeof express.static>[1] => ({
  index: false,
  cacheControl: false,
  setHeaders: (response) => void response.setHeader('Cache-Control', howLong),
});

/** The names of these files change with their content. */
const HASHED = kept('public, max-age=31536000, immutable');

/** May be kept, but is asked for each time whether it still holds: a new build must reach everybody. */
const ASKED = kept('no-cache');

const NOT_BUILT =
  'The interface has not been built. Run "npm run build", or "npm start", which does it. The API works without it: see /api/openapi.json.\n';

/** Addresses of the interface's pages are its own business: all of them answer with the one file that has the pages. */
const isPage = ({ method, path }: { method: string; path: string }): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !/^\/(api|hooks|assets)(\/|$)/.test(path) &&
  !/\.\w+$/.test(path);

/** Serves the built interface from a folder. */
export function interfaceFiles(folder: string): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  const sendPage: RequestHandler = (request, response, next) => {
    if (!isPage(request)) return next();
    if (existsSync(page)) return response.set('Cache-Control', 'no-cache').sendFile(page);
    response.status(503).type('text/plain').send(NOT_BUILT);
  };
  router.use('/assets', express.static(join(folder, 'assets'), HASHED));
  router.use(express.static(folder, ASKED));
  router.use(sendPage);
  return router;
}
