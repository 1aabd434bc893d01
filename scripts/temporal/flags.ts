import { SEARCH_ATTRIBUTES } from '#shared/execution/protocol.ts';

/** The ports of one server. All are explicit: left to itself the server opens its HTTP API on a random one. */
export interface TemporalPorts {
  grpc: number;
  http: number;
  metrics: number;
  /** Null: no web UI. */
  ui: number | null;
}

const TYPES = { KEYWORD: 'Keyword', INT: 'Int' };

/** What runs are found by. The server adds them to a new database only; see readiness.ts for those of earlier releases. */
const searchAttributes = Object.fromEntries(
  Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, TYPES[type]]),
);

/**
 * On its one shard the server polls its task queues 20 times a second by default, which makes every task wait
 * up to 50 ms. The visibility queue's rate makes no measurable difference, so it is left alone.
 */
const dynamicConfig: Record<string, number | boolean> = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
};

/** The command line of the server. `database` null keeps everything in memory. Untuned is for comparison. */
export function serverArguments(ports: TemporalPorts, database: string | null, isTuned = true): string[] {
  const pairs = (flag: string, values: Record<string, unknown>): string[] =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return [
    ...['--log-level', 'warn', 'server', 'start-dev', '--ip', '127.0.0.1'],
    ...['--port', `${ports.grpc}`, '--http-port', `${ports.http}`, '--metrics-port', `${ports.metrics}`],
    ...(ports.ui === null ? ['--headless'] : ['--ui-port', `${ports.ui}`, '--ui-disable-news-fetch']),
    ...(database === null ? [] : ['--db-filename', database]),
    ...(database === null || !isTuned
      ? []
      : pairs('--sqlite-pragma', { journal_mode: 'wal', synchronous: 'full' })),
    ...(isTuned ? pairs('--dynamic-config-value', dynamicConfig) : []),
    ...pairs('--search-attribute', searchAttributes),
  ];
}
