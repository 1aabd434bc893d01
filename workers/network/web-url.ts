import { Terminal } from '../action.ts';

/** A URL of the web. Throws `http.bad_url`. */
export function webUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  const shown = JSON.stringify(text.slice(0, 200));
  if (!url)
    throw new Terminal('http.bad_url', `${shown} is not a URL.`, {
      fix: 'Write it in full: https://example.org/path.',
    });
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Terminal('http.bad_url', `${url.protocol} is not fetched; only http and https are.`, {
      fix: 'Use an http or https URL.',
    });
  if (url.username || url.password)
    throw new Terminal('http.bad_url', 'The URL holds a user name or password, which would show in logs.', {
      fix: 'Put them into an Authorization header, from a secret.',
    });
  return url;
}
