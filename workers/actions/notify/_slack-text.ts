import type { Json } from '#shared/json.ts';
import { Terminal } from '../../action.ts';

/** A text that Slack shows as it is: no link in disguise, no mention. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Elements that notify many at once. */
const LOUD = new Set(['broadcast', 'usergroup']);

const refused = (what: string): Terminal =>
  new Terminal('notify.mention_refused', `The blocks hold ${what}, which notifies many at once.`, {
    fix: 'Leave it out.',
  });

/**
 * Blocks in which nothing notifies a channel or a group; their markup stays as it is otherwise.
 * @throws Terminal `notify.mention_refused`
 */
export function quietBlocks(value: Json): Json {
  if (typeof value === 'string') return value.replace(/<(?=\s*!)/g, '&lt;');
  if (Array.isArray(value)) return value.map(quietBlocks);
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.type === 'string' && LOUD.has(value.type)) throw refused(`a ${value.type}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, quietBlocks(item)]));
}
