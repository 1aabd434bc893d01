import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { toAppError } from './failures.ts';
import { fromStored, toStored } from './text.ts';

/** How one value is bound to a query, where the engine needs another than JavaScript's own. */
type Bind = (value: unknown) => unknown;

const readRow = (row: unknown): unknown => {
  for (const [column, value] of Object.entries(row as Record<string, unknown>)) {
    if (typeof value === 'string') (row as Record<string, unknown>)[column] = fromStored(value);
  }
  return row;
};

/**
 * The driver, with every value that passes in or out made storable (`text.ts`) and every failure readable
 * (`failures.ts`). Here and not in the queries, so that none can forget it.
 */
export function wired(driver: Driver, url: string, bind: Bind = (value) => value): Driver {
  const seen = new WeakSet<DatabaseConnection>();
  const store = (value: unknown) => (typeof value === 'string' ? toStored(value) : bind(value));

  const readable = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (thrown) {
      throw toAppError(thrown, url);
    }
  };

  // In place: drivers know their connections by identity, so a wrapper around one could not be released.
  const wire = (connection: DatabaseConnection): DatabaseConnection => {
    if (seen.has(connection)) return connection;
    seen.add(connection);
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
      readable(async () => {
        const result = await execute<R>({ ...query, parameters: query.parameters.map(store) });
        result.rows.forEach(readRow);
        return result;
      });
    return connection;
  };

  const init = driver.init.bind(driver);
  const acquire = driver.acquireConnection.bind(driver);
  driver.init = () => readable(() => init());
  driver.acquireConnection = () => readable(async () => wire(await acquire()));
  return driver;
}
