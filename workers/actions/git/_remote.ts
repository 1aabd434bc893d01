import { lookup as systemLookup } from 'node:dns';
import { existsSync, lstatSync } from 'node:fs';
import { isIP, type LookupFunction } from 'node:net';
import { join, resolve } from 'node:path';
import { Retryable } from '../../action.ts';
import { checkAddress } from '../../network/guard.ts';
import { failures } from './_failures.ts';
import { checkForeign } from './_foreign.ts';
import type { Caller, CallOptions } from './_git.ts';
import type { Repository } from './_repository.ts';

export interface Credentials {
  token?: string | undefined;
  username: string;
}

/** A remote's address that may be reached. */
export interface Address {
  /** As git is to take it. */
  url: string;
  protocol: 'https' | 'http' | 'ssh' | 'file';
  /** What a call of git needs to reach it. */
  options: Required<Pick<CallOptions, 'protocols' | 'config'>>;
}

const DEFAULT_PORTS: Record<string, number> = { 'https:': 443, 'http:': 80, 'ssh:': 22 };

/** `user@host:path`, the short form of ssh; not a Windows path, not `ext::`. */
const SCP_FORM = /^(?:([\w.-]+)@)?([\w.-]+|\[[0-9a-f:.]+\]):(?!:)(?!\/\/)(.+)$/is;

/** Hosts that git, curl and ssh read as URLs do: no escapes, nothing that ends early. */
const PLAIN_URL = /^[a-z]+:\/\/([^/@]*@)?([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(\/|$)/i;

const bare = (host: string): string =>
  host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

function addressesOf(host: string, lookup: LookupFunction): Promise<string[]> {
  if (isIP(host)) return Promise.resolve([host]);
  return new Promise((done, fail) => {
    lookup(host, { all: true }, (error, found) => {
      if (error)
        return fail(
          new Retryable('git.network', `The host ${host} was not found.`, {
            fix: 'Check the address, and that the worker reaches the network.',
            cause: error,
          }),
        );
      done(Array.isArray(found) ? found.map(({ address }) => address) : [found]);
    });
  });
}

/** Looks a host up and checks where it leads; gives the first address, to be used without looking it up again. */
async function checkHost({ network }: Caller, host: string, port: number): Promise<string> {
  const lookup = network.lookup ?? (systemLookup as LookupFunction);
  const addresses = await addressesOf(host, lookup);
  for (const address of addresses) checkAddress(network, host, address, port);
  return addresses[0] ?? '';
}

const basic = ({ username, token }: Credentials): string =>
  `Authorization: Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;

async function webAddress(caller: Caller, url: URL, credentials: Credentials): Promise<Address> {
  if (url.username || url.password)
    throw failures.badRemote(
      'its URL holds a user name or password, which would show in logs',
      'Leave them out of the URL and give a token, from a secret.',
    );
  const [host, port] = [bare(url.hostname), Number(url.port) || DEFAULT_PORTS[url.protocol] || 0];
  const isClear = url.protocol === 'http:';
  const { allow } = caller.network;
  if (isClear && !allow.includes('*') && !allow.includes(`${url.hostname}:${port}`))
    throw failures.badRemote(
      'http:// is neither secret nor safe from changes',
      `Use https://, or add ${url.hostname}:${port} to ACAS_HTTP_ALLOW.`,
    );
  const address = await checkHost(caller, host, port);
  const config: Record<string, string> = {};
  // The address that was checked is the one used.
  if (!isIP(host))
    config['http.curloptResolve'] = `${host}:${port}:${isIP(address) === 6 ? `[${address}]` : address}`;
  if (credentials.token !== undefined) config[`http.${url.origin}/.extraHeader`] = basic(credentials);
  const protocol = isClear ? 'http' : 'https';
  return { url: url.href, protocol, options: { protocols: [protocol], config } };
}

async function sshAddress(
  caller: Caller,
  url: string,
  user: string,
  host: string,
  port: number,
): Promise<Address> {
  if (user.startsWith('-') || host.startsWith('-')) throw failures.badRemote('its host begins with -');
  await checkHost(caller, bare(host), port);
  return { url, protocol: 'ssh', options: { protocols: ['ssh'], config: {} } };
}

/** A repository on this disk: git runs in it as the other end, with its configuration. */
async function localAddress(caller: Caller, path: string, base: string): Promise<Address> {
  const { workspace } = caller;
  const folder = workspace.resolve(resolve(base, path), 'read');
  const inside = join(folder, '.git');
  const gitFolder = existsSync(inside) ? inside : folder;
  const isRepository =
    lstatSync(gitFolder, { throwIfNoEntry: false })?.isDirectory() === true &&
    ['HEAD', 'objects', 'refs', 'config'].every((name) => existsSync(join(gitFolder, name)));
  if (!isRepository || existsSync(join(gitFolder, 'commondir')))
    throw failures.badRemote(
      `${JSON.stringify(path.slice(0, 200))} is no repository in the workspace`,
      'Name the folder of a bare repository, or one that holds its .git folder.',
    );
  await checkForeign(caller, gitFolder, path);
  return { url: folder, protocol: 'file', options: { protocols: ['file'], config: {} } };
}

/**
 * Checks a remote's address: https, ssh, http where its host is allowed, or a path inside the workspace.
 * @param base what a relative path is relative to, absolute
 * @throws Terminal `git.bad_remote`, `git.unsafe_config`, `git.outside_workspace`, `http.address_refused`, `file.*`;
 * Retryable `git.network`
 */
export async function checkRemote(
  caller: Caller,
  text: string,
  base: string,
  credentials: Credentials,
): Promise<Address> {
  if (text === '' || text.startsWith('-')) throw failures.badRemote('its address is empty or begins with -');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x20\x7f\\]/.test(text))
    throw failures.badRemote('its address holds spaces, control characters or \\');
  const scheme = /^([a-z][a-z0-9+.-]*):(:|\/\/)/i.exec(text)?.[1]?.toLowerCase();
  const isUrl = scheme !== undefined && /^[^:]+:\/\//.test(text);
  if (scheme !== undefined && (!isUrl || !['https', 'http', 'ssh'].includes(scheme)))
    throw failures.badRemote(`${scheme}: is not used; only https and ssh are`);
  if (isUrl) {
    const url = PLAIN_URL.test(text) && URL.canParse(text) ? new URL(text) : undefined;
    if (!url?.hostname) throw failures.badRemote('its address is not a URL');
    if (url.protocol !== 'ssh:') return webAddress(caller, url, credentials).then(withoutToken(credentials));
    if (url.password) throw failures.badRemote('its URL holds a password, which would show in logs');
    const port = Number(url.port) || 22;
    return sshAddress(
      caller,
      text,
      decodeURIComponent(url.username),
      decodeURIComponent(url.hostname),
      port,
    ).then(withoutToken(credentials));
  }
  const short = text.startsWith('.') || text.startsWith('/') ? null : SCP_FORM.exec(text);
  const address = short
    ? await sshAddress(caller, text, short[1] ?? '', short[2] ?? '', 22)
    : await localAddress(caller, text, base);
  return withoutToken(credentials)(address);
}

/** A token that is given and not used would look as if it were. */
const withoutToken =
  ({ token }: Credentials) =>
  (address: Address): Address => {
    if (token !== undefined && !address.protocol.startsWith('http'))
      throw failures.badRemote(
        'a token is given, which only https takes',
        'Leave the token out, or use https.',
      );
    return address;
  };

/**
 * Checks where a remote of a repository leads, after all rewriting that its configuration says.
 * @returns what git needs to reach it
 * @throws what {@link checkRemote} throws; Terminal `git.unknown_remote`
 */
export async function openRemote(
  repository: Repository,
  name: string,
  direction: 'fetch' | 'push',
  credentials: Credentials,
): Promise<Address['options']> {
  const { stdout: names } = await repository.git(['remote']);
  const known = names.split('\n').filter(Boolean);
  if (!known.includes(name)) throw failures.unknownRemote(name, known);
  const how = direction === 'push' ? ['--push', '--all'] : ['--all'];
  const { stdout } = await repository.git(['remote', 'get-url', ...how, name]);
  const addresses: Address[] = [];
  for (const url of stdout.split('\n').filter(Boolean))
    addresses.push(await checkRemote(repository.caller, url, repository.top, credentials));
  return {
    protocols: [...new Set(addresses.map(({ protocol }) => protocol))],
    config: Object.assign({}, ...addresses.map(({ options }) => options.config)),
  };
}
