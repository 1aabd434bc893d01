import type { Json } from '../json.ts';
import type { Blobs } from './blobs/blobs.ts';

/** One link of a stored conversation: what was said since the link before. */
interface Link {
  previous: string | null;
  messages: Json[];
}

/**
 * Everything that was said, oldest first. A conversation is kept as a chain, so that each turn stores only what it
 * added; `null` is one that has not begun. Errors: those of `Blobs.get`.
 */
export async function loadConversation(blobs: Blobs, ref: string | null): Promise<Json[]> {
  const links: Json[][] = [];
  for (let next = ref; next !== null; ) {
    const link = JSON.parse(new TextDecoder().decode(await blobs.get(next))) as Link;
    links.unshift(link.messages);
    next = link.previous;
  }
  return links.flat();
}

/** Stores what was added and gives the reference of the whole. */
export async function extendConversation(
  blobs: Blobs,
  previous: string | null,
  messages: Json[],
): Promise<string> {
  const link: Link = { previous, messages };
  return blobs.put(new TextEncoder().encode(JSON.stringify(link)));
}
