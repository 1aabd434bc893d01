import { describe, expect, it } from '@jest/globals';
import { byDay, inOrder, withMessage } from './chat-messages.ts';

const message = (id: number, createdAt = '2026-01-01T12:00:00.000Z') => ({ id, createdAt });
const data = {
  pages: [
    { items: [message(5), message(4)], nextCursor: 'x' },
    { items: [message(2)], nextCursor: null },
  ],
  pageParams: [undefined, 'x'],
};

describe('messages of a chat', () => {
  it('are read from the oldest to the newest', () => {
    expect(inOrder(data).map(({ id }) => id)).toEqual([2, 4, 5]);
    expect(inOrder(undefined)).toEqual([]);
  });

  it('are joined by those that come, each once', () => {
    expect(inOrder(withMessage(data, message(6))).map(({ id }) => id)).toEqual([2, 4, 5, 6]);
    expect(withMessage(data, message(2))).toBe(data);
    expect(withMessage(undefined, message(2))).toBeUndefined();
    const empty = { pages: [{ items: [], nextCursor: null }], pageParams: [undefined] };
    expect(inOrder(withMessage(empty, message(1)))).toEqual([message(1)]);
  });

  it('are parted by day', () => {
    const days = byDay([
      message(1, '2026-01-01T12:00:00.000Z'),
      message(2, '2026-01-01T12:30:00.000Z'),
      message(3, '2026-01-03T12:00:00.000Z'),
    ]);
    expect(days.map(({ messages }) => messages.map(({ id }) => id))).toEqual([[1, 2], [3]]);
    expect(days[0]?.day).toMatch(/^2026-01-0\d$/);
  });
});
