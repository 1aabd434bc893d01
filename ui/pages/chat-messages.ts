/** The parts of a message that place it. */
interface Message {
  /** Later messages have greater ids. */
  id: number;
  createdAt: string;
}

interface Pages<Item> {
  pages: { items: Item[]; nextCursor: string | null }[];
  pageParams: unknown[];
}

/** Pages, the newest message first, with one more that has just come; as they were where it is known. */
export function withMessage<Item extends Message>(
  data: Pages<Item> | undefined,
  message: Item,
): Pages<Item> | undefined {
  const [first, ...rest] = data?.pages ?? [];
  if (!data || !first) return data;
  if (data.pages.some(({ items }) => items.some(({ id }) => id === message.id))) return data;
  const at = first.items.findIndex(({ id }) => id < message.id);
  const items = first.items.toSpliced(at === -1 ? first.items.length : at, 0, message);
  return { ...data, pages: [{ ...first, items }, ...rest] };
}

/** Messages in the order in which they are read, the oldest first. */
export const inOrder = <Item extends Message>(data: Pages<Item> | undefined): Item[] =>
  (data?.pages.flatMap(({ items }) => items) ?? []).toReversed();

/** The messages of one day, for one heading. */
export interface Day<Item> {
  /** As in `2026-11-22`, in the reader's zone. */
  day: string;
  messages: Item[];
}

const dayOf = (instant: string): string => {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** Messages parted by day, in their order. */
export function byDay<Item extends Message>(messages: readonly Item[]): Day<Item>[] {
  const days: Day<Item>[] = [];
  for (const message of messages) {
    const day = dayOf(message.createdAt);
    const last = days.at(-1);
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, messages: [message] });
  }
  return days;
}
