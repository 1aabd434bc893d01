import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type Network, Terminal } from '../action.ts';

/** Addresses that lead to this machine, to its network, to a cloud's metadata, or nowhere. */
const REFUSED_V4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';

/** IPv4 addresses in disguise are among them: translated (64:ff9b), tunnelled (2001:0, 2002) and compatible (::/96). */
const REFUSED_V6 =
  '::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8';

function blockList(): BlockList {
  const list = new BlockList();
  for (const [subnets, family] of [
    [REFUSED_V4, 'ipv4'],
    [REFUSED_V6, 'ipv6'],
  ] as const) {
    for (const subnet of subnets.split(' ')) {
      const [address = '', bits] = subnet.split('/');
      list.addSubnet(address, Number(bits), family);
    }
  }
  return list;
}

const REFUSED = blockList();

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Whether an address is not on the public internet. */
export const isRefusedAddress = (address: string): boolean => {
  const plain = address.replace(/%.*$/, '');
  return isIP(plain) === 0 || REFUSED.check(plain, familyOf(plain));
};

const bare = (host: string): string =>
  host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

const entry = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const refusal = (host: string, address: string, port: number): Terminal =>
  new Terminal(
    'http.address_refused',
    `${entry(host, port)}${host === address ? '' : ` is ${address}, which`} is not on the public internet.`,
    {
      fix: `If it may be reached, add ${entry(host, port)} to ACAS_HTTP_ALLOW and restart the worker.`,
      details: { host, address, port },
    },
  );

/**
 * Throws unless an address may be connected to.
 * @throws Terminal `http.address_refused`
 */
export function checkAddress(
  { allow, ownPorts = [] }: Network,
  host: string,
  address: string,
  port: number,
): void {
  if (!isRefusedAddress(address)) return;
  const isOwn = ownPorts.includes(port);
  const isAllowed =
    allow.includes('*') || allow.includes(entry(host, port)) || allow.includes(entry(address, port));
  if (isOwn || !isAllowed) throw refusal(host, address, port);
}

/** Resolves names as `network` says, and lets nothing through that may not be connected to. */
const guardedLookup =
  (network: Network, host: string, port: number): LookupFunction =>
  (name, options, callback) => {
    const resolve = network.lookup ?? (systemLookup as LookupFunction);
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
      try {
        for (const { address } of addresses) checkAddress(network, host, address, port);
      } catch (thrown) {
        return callback(thrown as Error, []);
      }
      const [first] = addresses;
      if (options.all || !first) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** Connects for undici; the address is checked at that moment, so that no name can change its meaning in between. */
export function guardedConnector(network: Network): buildConnector.connector {
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    const host = bare(options.hostname);
    try {
      if (isIP(host)) checkAddress(network, host, host, port);
      // Not every resolver knows that these names are always this machine.
      else if (/^(.+\.)?localhost$/.test(host)) checkAddress(network, host, '127.0.0.1', port);
    } catch (thrown) {
      return callback(thrown as Error, null);
    }
    const lookup = guardedLookup(network, host, port);
    buildConnector({ lookup, timeout: 30_000, allowH2: false })(options, callback);
  };
}
