import { AppError, messageOf } from '#shared/errors.ts';

const connectionCodes = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EPIPE',
  ],
  ...['EACCES', 'ENOTDIR', 'EISDIR', 'EROFS', 'EEXIST', 'ERR_INVALID_URL'],
  // Shutting down, starting up, no such database, too many connections.
  ...['57P01', '57P02', '57P03', '3D000', '53300'],
  ...['SQLITE_CANTOPEN', 'SQLITE_NOTADB', 'SQLITE_READONLY', 'SQLITE_AUTH', 'SQLITE_PERM'],
]);
const connectionClasses = /^(?:08|28)\w{3}$|^SQLITE_(?:CANTOPEN|IOERR|READONLY)_/;
/** The pg client reports these without a code. */
const connectionMessages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

const codeOf = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : undefined;

/** True where another process holds a SQLite file. */
export const isBusy = (thrown: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(thrown) ?? '');

/** Where the database is, fit for logs and messages: without the password. */
export function placeOf(url: string): string {
  if (!/^postgres(ql)?:/.test(url)) return url;
  if (!URL.canParse(url)) return 'the address in DATABASE_URL';
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}

/**
 * What a driver threw, as an error a person can act on: `store.unreachable` where the database cannot be reached or
 * opened, `store.busy` where another process held a SQLite file for longer than the busy timeout. All else is
 * returned as it came.
 */
export function toAppError(thrown: unknown, url: string): unknown {
  const code = codeOf(thrown) ?? '';
  if (isBusy(thrown)) {
    return new AppError('store.busy', `The database ${placeOf(url)} is locked by another process.`, {
      fix: 'Try again; if it lasts, end the process that keeps the file open.',
      cause: thrown,
    });
  }
  const unreachable =
    connectionCodes.has(code) || connectionClasses.test(code) || connectionMessages.test(messageOf(thrown));
  if (!unreachable) return thrown;
  const postgres = placeOf(url) !== url || url.startsWith('postgres');
  return new AppError(
    'store.unreachable',
    // Node's AggregateError of a refused connection has no message of its own.
    `The database ${placeOf(url)} cannot be opened: ${messageOf(thrown) || code}.`,
    {
      fix: postgres
        ? 'Check that Postgres runs there and that DATABASE_URL has the right host, port, user, password and database.'
        : 'Check that the path is a SQLite file (or absent) in a directory this user may write to.',
      // pg's error for a malformed address quotes it whole, password included.
      cause: code === 'ERR_INVALID_URL' ? undefined : thrown,
    },
  );
}
