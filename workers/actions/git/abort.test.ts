import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { codeOf, type GitBench, listen, makeGitBench } from './_fixture.ts';
import clone from './clone.ts';
import commit from './commit.ts';
import fetch from './fetch.ts';
import log from './log.ts';

let bench: GitBench;
let server: Server;
let host: string;
let sockets: Set<Socket>;
beforeEach(async () => {
  bench = makeGitBench();
  bench.repository('.', { 'a.txt': 'one\n' });
  sockets = new Set();
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
  bench.clear();
});

/** A server that takes connections and never answers. */
async function hang(kind: 'http' | 'ssh'): Promise<void> {
  server = kind === 'http' ? createHttpServer(() => undefined) : createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // One that is not read does not notice its end.
    socket
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
      .resume();
  });
  host = await listen(server);
}

/** Command lines of all processes that work in the bench or for its server. */
const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(host.split(':')[1] ?? host));

describe.each(['http', 'ssh'] as const)('an action that waits for a remote over %s', (kind) => {
  beforeEach(() => hang(kind));
  const address = () => (kind === 'http' ? `http://${host}/x.git` : `ssh://git@${host}/x.git`);

  it.each(['fetch', 'clone'] as const)(
    'ends at once when %s is cancelled, and leaves nothing',
    async (verb) => {
      const token: Record<string, string> = kind === 'http' ? { token: 'canary-token-77aa' } : {};
      const stop = new AbortController();
      const more = { signal: stop.signal, network: { allow: [host] } };
      bench.sh('.', 'remote', 'add', 'origin', address());
      const work =
        verb === 'fetch'
          ? bench.run(fetch, { ...token }, more)
          : bench.run(clone, { url: address(), path: 'copy', ...token }, more);
      const ended = codeOf(work);
      await eventually(() => sockets.size > 0 && commandLines().length > 0, 'git waits for the remote');
      expect(
        commandLines().filter((line) => line.includes('canary') || line.includes('Authorization')),
      ).toEqual([]);
      stop.abort(new Error('cancelled'));
      expect(await ended).toMatchObject({ message: 'cancelled' });
      expect(commandLines()).toEqual([]);
      await eventually(() => sockets.size === 0, 'the connection is closed');
      expect(readdirSync(bench.root).sort()).toEqual(['.git', 'a.txt']);
      expect(readdirSync(join(bench.root, '.git')).filter((name) => name.endsWith('.lock'))).toEqual([]);
    },
  );
});

describe('an action on this disk', () => {
  beforeEach(() => hang('http'));

  it('does nothing if it is cancelled before it begins', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    expect(await codeOf(bench.run(log, {}, { signal }))).toMatchObject({ message: 'cancelled' });
    expect(await codeOf(bench.run(commit, { message: 'x', allowEmpty: true }, { signal }))).toMatchObject({
      message: 'cancelled',
    });
    expect((await bench.run(log, {})).count).toBe(1);
  });

  it('commits once, at whatever moment it is cut off and tried again', async () => {
    for (let round = 0; round < 12; round++) {
      mkdirSync(join(bench.root, `d${round}`));
      for (let file = 0; file < 20; file++) bench.write(`d${round}/${file}.txt`, 'x\n'.repeat(file));
      const input = { message: `Round ${round}`, addAll: true };
      const again = { idempotencyKey: `execution/${round}` };
      const stop = new AbortController();
      const first = codeOf(bench.run(commit, input, { ...again, signal: stop.signal }));
      await sleep(round * 12);
      stop.abort(new Error('cancelled'));
      await first;
      expect(existsSync(join(bench.root, '.git/index.lock'))).toBe(false);
      const done = await bench.run(commit, input, { ...again, attempt: 2 });
      expect(done.hash).toBe(bench.sh('.', 'rev-parse', 'HEAD').trim());
      const subjects = bench.sh('.', 'log', '--format=%s').trim().split('\n');
      expect(subjects).toHaveLength(round + 2);
      expect(bench.sh('.', 'status', '--porcelain')).toBe('');
    }
  }, 30_000);
});
