import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as SocketServer } from 'node:net';
import { join } from 'node:path';
import type { Attempt } from '../../action.ts';
import { type Bench, makeBench } from '../_fixture.ts';

/** A bench whose workspace has repositories, made by git itself as people do. */
export interface GitBench extends Bench {
  /** Runs git as a person in a folder of the workspace, and gives what it says. */
  sh(folder: string, ...args: string[]): string;
  /** Makes a repository of a folder, with these files committed on `main`. */
  repository(folder: string, files?: Record<string, string>): void;
  /** Writes files into a repository and commits them. */
  commit(folder: string, message: string, files: Record<string, string>): void;
}

const PERSON = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
};

export function makeGitBench(more: Partial<Attempt<unknown>> = {}): GitBench {
  const bench = makeBench(more);
  const sh = (folder: string, ...args: string[]): string =>
    execFileSync('git', args, {
      cwd: join(bench.root, folder),
      env: PERSON,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const commit = (folder: string, message: string, files: Record<string, string>): void => {
    for (const [path, content] of Object.entries(files)) bench.write(join(folder, path), content);
    sh(folder, 'add', '--all');
    sh(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
  };
  return {
    ...bench,
    sh,
    commit,
    repository(folder, files = { 'a.txt': 'one\n' }) {
      bench.write(join(folder, 'a.txt'), 'one\n');
      sh(folder, 'init', '--quiet', '--initial-branch=main');
      commit(folder, 'Begin', files);
    },
  };
}

/** The code of the error that something ends with; `undefined` if it succeeds. */
export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: { code?: unknown }) => thrown.code ?? thrown,
  );

/** Starts a server on a free port of this machine. */
export async function listen(server: Server | SocketServer): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: request.headers['git-protocol']?.toString(),
      REMOTE_USER: 'tester',
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    for (const line of all.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  });
}

/** A git server over HTTP that wants a token; `seen` collects what was sent as authorization. */
export const gitServer = (folder: string, token: string, seen: string[]): Server =>
  createServer((request, response) => {
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    if (authorization === `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`)
      answer(folder, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
