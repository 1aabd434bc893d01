import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export type { Logger };

/** How much to say: `silent` says nothing. */
type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LogOptions {
  /** Default `info`. */
  level?: LogLevel;
  /** `pretty`: one plain line for people. `json` (default): one JSON object a line for machines. */
  format?: 'pretty' | 'json';
  /** Names the part that speaks: `api`, `worker`. */
  name?: string;
  /** Where lines go. Default: standard output, written at once. */
  destination?: DestinationStream;
}

const hidden = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'err']);

const factsOf = (entry: Record<string, unknown>): string =>
  Object.entries(entry)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');

/** One line of pino's JSON as one line for people; the stack of an error follows on lines of its own. */
export function prettyLine(line: string): string {
  const entry: Record<string, unknown> = JSON.parse(line);
  const time = new Date(Number(entry.time)).toTimeString().slice(0, 8);
  const label = pino.levels.labels[Number(entry.level)] ?? 'log';
  const level = label === 'info' ? '' : `${label} `;
  const name = entry.name === undefined ? '' : `${entry.name}: `;
  const err = entry.err as { stack?: string; message?: string } | undefined;
  const stack = err === undefined ? '' : `\n${err.stack ?? err.message}`;
  return `${time} ${level}${name}${entry.msg ?? ''}${factsOf(entry)}${stack}\n`;
}

/** Makes the logger of a process. Pass it on; nothing else writes to the terminal. */
export function createLog(options: LogOptions = {}): Logger {
  const target = options.destination ?? pino.destination({ dest: 1, sync: true });
  const destination: DestinationStream =
    options.format === 'pretty' ? { write: (line) => target.write(prettyLine(line)) } : target;
  return pino(
    {
      level: options.level ?? 'info',
      name: options.name,
      base: undefined,
      serializers: { err: stdSerializers.err },
    },
    destination,
  );
}
