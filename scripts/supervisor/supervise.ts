import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#shared/errors.ts';
import type { Config } from '#shared/node/config.ts';
import type { Logger } from '#shared/node/log.ts';
import { lockHome } from '#shared/node/process-lock.ts';
import { acquireTemporal } from '../temporal/acquire.ts';
import { cacheFolder } from '../temporal/cache-folder.ts';
import { cappedLog } from '../temporal/capped-log.ts';
import { databaseOf, startHomeServer } from '../temporal/home-server.ts';
import type { TemporalServer } from '../temporal/server.ts';
import { type Keeper, keep, type Running } from './keeper.ts';
import { type NodeChild, startNodeChild } from './node-child.ts';
import { assertPortFree } from './port-owner.ts';
import { endOrphans, recordProcess } from './process-record.ts';

type Environment = Record<string, string | undefined>;

export interface SuperviseOptions {
  config: Config;
  /** Handed on to the children, with the addresses added. */
  env: Environment;
  log: Logger;
  /** Tells the user what happens now. */
  report(line: string): void;
  /** The programs to run. */
  mains: { api: string; worker: string };
}

/** The running product. */
export interface Supervised {
  url: string;
  /** Address of the Temporal server and of its web UI, when it is ours. */
  temporal: { address: string; uiUrl: string | null };
  /** Ends the api and the worker, then Temporal, then gives the data directory up. */
  stop(): Promise<void>;
}

const untilHealthy = async (
  url: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const begin = Date.now();
  let last = '';
  for (let told = false; !signal.aborted; await sleep(100)) {
    try {
      const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5_000) });
      if (response.status === 200) return;
      last = `status ${response.status}`;
    } catch (thrown) {
      last = messageOf(thrown);
    }
    if (!told && Date.now() - begin > 15_000) {
      told = true;
      report(`Still waiting for ${url}/api/health: ${last}`);
    }
  }
  throw new Error('stopped before it was healthy');
};

type Stop = () => Promise<void>;

/** The Temporal server of the data directory, kept running; or nothing to keep when the user named a server. */
const keepTemporal = async (options: SuperviseOptions, onMoved: () => void, atEnd: (stop: Stop) => void) => {
  const { config, env, log, report } = options;
  const { home, temporal } = config;
  if (temporal.address !== undefined) {
    report(`Using Temporal at ${temporal.address}`);
    return { address: () => temporal.address ?? '', uiUrl: null };
  }
  const cache = config.cache ?? cacheFolder(env);
  const binary = await acquireTemporal({ cliPath: temporal.cliPath, cache, report });
  const onTrouble = (error: Error) => log.warn(`The log of Temporal cannot be written: ${error.message}`);
  const output = await cappedLog(`${home}/temporal/server.log`, onTrouble);
  atEnd(async () => void output.end());
  let address = '';
  const wanted = { grpc: temporal.port, ui: temporal.uiPort };
  report('Starting Temporal');
  const keeper = keep<TemporalServer>({
    name: 'temporal',
    log,
    launch: () =>
      startHomeServer({
        home,
        binary,
        output,
        wanted,
        onSpawn: (pid) => recordProcess(home, 'temporal', pid),
      }),
    onReady: (server) => {
      const moved = address !== '' && server.address !== address;
      address = server.address;
      if (moved) onMoved();
    },
  });
  atEnd(() => keeper.stop());
  const { uiUrl } = await keeper.ready;
  return { address: () => address, uiUrl };
};

const keepChild = (
  name: 'api' | 'worker',
  options: SuperviseOptions,
  env: () => Environment,
): Keeper<NodeChild> =>
  keep<NodeChild>({
    name,
    log: options.log,
    launch: (signal) =>
      startNodeChild({
        main: options.mains[name],
        env: env(),
        signal,
        onSpawn: (pid) => recordProcess(options.config.home, name, pid),
      }),
  });

/**
 * Starts Temporal, the api and the worker, and keeps them running.
 * Resolves when a workflow could run: all are ready and the api says it is healthy.
 * @throws AppError `home.in_use`, `port.taken`, `temporal.…`; everything that was started is ended before.
 */
export async function supervise(options: SuperviseOptions, signal: AbortSignal): Promise<Supervised> {
  const { config, report } = options;
  const lock = lockHome(config.home);
  const stops: Stop[] = [];
  const atEnd = (stop: Stop): void => void stops.unshift(stop);
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopAll(stops).finally(() => lock.release()));
  const onAbort = (): void => void stop();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await startAll(options, signal, atEnd, stop);
  } catch (thrown) {
    await stop();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }

  async function stopAll(all: Stop[]): Promise<void> {
    for (const one of all) await one();
    report('Stopped');
  }
}

const startAll = async (
  options: SuperviseOptions,
  signal: AbortSignal,
  atEnd: (stop: Stop) => void,
  stop: Stop,
) => {
  const { config, env, report } = options;
  const ended = await endOrphans(config.home, databaseOf(config.home));
  if (ended.length > 0) report(`Ended what an earlier start left behind: process ${ended.join(', ')}`);
  recordProcess(config.home, 'supervisor', process.pid);
  await assertPortFree(config.port, config.host);
  const children: Keeper<Running>[] = [];
  const restartAll = (): void => void Promise.all(children.map((child) => child.restart()));
  const temporal = await keepTemporal(options, restartAll, atEnd);
  const childEnv = (): Environment => ({
    ...env,
    ACAS_HOME: config.home,
    ACAS_WORKSPACE: config.workspace,
    TEMPORAL_ADDRESS: temporal.address(),
    TEMPORAL_WEB_URL: env.TEMPORAL_WEB_URL || temporal.uiUrl || undefined,
  });
  atEnd(async () => void (await Promise.all(children.map((child) => child.stop()))));
  signal.throwIfAborted();
  report('Starting the api');
  const api = keepChild('api', options, childEnv);
  children.push(api);
  // The api brings the database up to date, which the worker expects.
  const url = (await api.ready).url ?? `http://${config.host}:${config.port}`;
  report('Starting the worker');
  const worker = keepChild('worker', options, childEnv);
  children.push(worker);
  await worker.ready;
  await untilHealthy(url, report, signal);
  return { url, temporal: { address: temporal.address(), uiUrl: temporal.uiUrl }, stop };
};
