import addressparser from 'nodemailer/lib/addressparser';
import { Terminal } from '../../action.ts';

export interface Mailbox {
  name: string;
  address: string;
}

/** No quotes, no comments, no routes, no escapes: whatever reads it reads the same. */
const ADDRESS =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

const NAME = /^[^"<>()[\]\\,;:@]*$/;

const bad = (text: string, why: string): Terminal =>
  new Terminal('notify.bad_address', `The address ${JSON.stringify(text.slice(0, 200))} ${why}.`, {
    fix: 'Write it as ann@example.org or Ann <ann@example.org>, one in each entry of the list.',
  });

/**
 * One mailbox, written as `a@b` or `Name <a@b>`.
 * @throws Terminal `notify.bad_address`
 */
export function parseMailbox(text: string): Mailbox {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x1f\x7f\u2028\u2029]/.test(text)) throw bad(text, 'holds a line break or control character');
  if (text.length > 500) throw bad(text, 'is too long');
  const [, name = '', inside] = /^\s*([^<]*?)\s*<([^<>]*)>\s*$/.exec(text) ?? [];
  const address = inside ?? text.trim();
  if (!ADDRESS.test(address)) throw bad(text, 'is not a plain address');
  if (!NAME.test(name)) throw bad(text, 'has a name with characters that mean something in addresses');
  const parsed = addressparser(text);
  // What sends the message must find the same in it.
  if (parsed.length !== 1 || parsed[0]?.address !== address) throw bad(text, 'is not one plain address');
  return { name, address };
}

/** Whether an allow-list of addresses, `@domain` entries or `*` has an address. */
export function isAllowed(address: string, allow: readonly string[]): boolean {
  const plain = address.toLowerCase();
  const domain = plain.slice(plain.lastIndexOf('@'));
  return allow.some((entry) => entry === '*' || [plain, domain].includes(entry.trim().toLowerCase()));
}
