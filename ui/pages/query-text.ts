/** Names and values of a URL's query; one that is undefined or empty is left out. */
export type QueryValues = Record<string, string | undefined>;

/** The address of a page narrowed down: what is not given does not show. */
export function addressOf(path: string, values: QueryValues): string {
  const given = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const text = new URLSearchParams(given).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A value of a query; undefined where it is absent or empty. */
export const queryValue = (query: URLSearchParams, name: string): string | undefined =>
  query.get(name) || undefined;
