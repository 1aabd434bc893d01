import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { killRecorded } from './supervisor/process-record.ts';
import { supervise } from './supervisor/supervise.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** npm hands a Ctrl-C on that the terminal has already sent to us, so one press arrives twice. */
const samePress = 400;

/**
 * Runs the product until it is told to stop, and then ends this process; the programs can be replaced in tests.
 * @throws AppError when it cannot be started.
 */
export async function start(mains: { api: string; worker: string }): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ ...config.log, format: process.env.LOG_FORMAT === 'json' ? 'json' : 'pretty' });
  const stopping = new AbortController();
  const told = once(stopping.signal, 'abort');
  let firstSignal = 0;
  const onSignal = (): void => {
    if (firstSignal === 0) {
      firstSignal = Date.now();
      print('Stopping; press Ctrl-C again to stop at once');
      stopping.abort(new Error('stopped'));
    } else if (Date.now() - firstSignal > samePress) {
      killRecorded(config.home);
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const env = { ...process.env, LOG_FORMAT: process.env.LOG_FORMAT ?? 'pretty' };
  try {
    const running = await supervise({ config, env, log, report: print, mains }, stopping.signal);
    const ui = running.temporal.uiUrl === null ? '' : `   (Temporal: ${running.temporal.uiUrl})`;
    print(`ACAS Runner is ready: ${running.url}${ui}`);
    await told;
    await running.stop();
  } catch (thrown) {
    if (!stopping.signal.aborted) throw thrown;
  }
  process.exit();
}

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The programs of the product. */
export const mains = { api: at('api/main.ts'), worker: at('workers/main.ts') };
