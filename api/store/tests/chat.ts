import { describe, expect, it } from '@jest/globals';
import type { NewChatMessage } from '../chat.ts';
import { type FreshUrl, pages, storePerBlock } from './support.ts';

const message = (text: string, change: Partial<NewChatMessage> = {}): NewChatMessage => ({
  sessionId: 'general',
  role: 'workflow',
  author: null,
  text,
  data: null,
  executionId: null,
  key: text,
  ...change,
});

/** Sessions and their messages. */
export function chatConformance(freshUrl: FreshUrl): void {
  describe('chat sessions', () => {
    const opened = storePerBlock(freshUrl);

    it('are made once, renamed, and gone with their messages when removed', async () => {
      const { chat } = opened().store;
      expect(await chat.create({ id: 'reviews', title: 'Reviews' })).toBe(true);
      expect(await chat.create({ id: 'reviews', title: 'Other' })).toBe(false);
      expect(await chat.session('reviews')).toMatchObject({ id: 'reviews', title: 'Reviews' });
      expect(await chat.rename('reviews', 'Code reviews')).toBe(true);
      expect(await chat.session('reviews')).toMatchObject({ title: 'Code reviews' });
      await chat.append(message('hello', { sessionId: 'reviews' }));
      expect(await chat.remove('reviews')).toBe(true);
      expect(await chat.session('reviews')).toBeUndefined();
      expect((await chat.messages('reviews', { limit: 5 })).items).toEqual([]);
      expect(await chat.remove('reviews')).toBe(false);
      expect(await chat.rename('reviews', 'x')).toBe(false);
    });

    it('are listed in pages, the one last spoken in first', async () => {
      const { chat } = opened().store;
      const ids = ['a', 'b', 'c', 'd', 'e'];
      for (const id of ids) await chat.create({ id, title: id });
      const before = await chat.session('b');
      let spoken = before;
      for (let n = 0; spoken?.updatedAt === before?.updatedAt; n++) {
        await chat.append(message(`m${n}`, { sessionId: 'b' }));
        spoken = await chat.session('b');
      }
      const listed = await pages((page) => chat.sessions(page), 2);
      expect(listed.map(({ length }) => length)).toEqual([2, 2, 1]);
      expect(listed[0]?.[0]?.id).toBe('b');
      expect(
        listed
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(ids);
    });
  });

  describe('chat messages', () => {
    const opened = storePerBlock(freshUrl);

    it('make their session, and are there once however often they are appended', async () => {
      const { chat } = opened().store;
      const first = await chat.append(message('Hi', { author: 'ann', data: { n: 1 }, executionId: 'run-1' }));
      expect(first).toEqual({
        id: expect.any(Number),
        sessionId: 'general',
        role: 'workflow',
        author: 'ann',
        text: 'Hi',
        data: { n: 1 },
        executionId: 'run-1',
        createdAt: expect.any(String),
      });
      expect(await chat.session('general')).toMatchObject({ title: 'general', updatedAt: first.createdAt });
      const again = await chat.append(message('Other', { key: 'Hi', sessionId: 'elsewhere', role: 'user' }));
      expect(again).toEqual(first);
      expect((await chat.messages('general', { limit: 5 })).items).toEqual([first]);
      expect(await chat.session('elsewhere')).toBeUndefined();
    });

    it('are one where the same is appended many times at once', async () => {
      const { chat } = opened().store;
      const all = await Promise.all(Array.from({ length: 20 }, () => chat.append(message('same'))));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect((await chat.messages('general', { limit: 50 })).items).toHaveLength(1);
    });

    it('show in the order of their ids, so that who reads on from the last one seen misses none', async () => {
      const { chat } = opened().store;
      let isWriting = true;
      const writing = Promise.all(
        Array.from({ length: 60 }, (_, n) => chat.append(message(`m${n}`))),
      ).finally(() => {
        isWriting = false;
      });
      const seen: number[] = [];
      for (let isLast = false; !isLast; ) {
        isLast = !isWriting;
        const { items } = await chat.messages('general', { limit: 7, after: seen.at(-1) ?? 0 });
        seen.push(...items.map(({ id }) => id));
        if (items.length > 0) isLast = false;
      }
      expect(seen).toEqual((await writing).map(({ id }) => id).sort((a, b) => a - b));
    });

    it('are listed backwards from the newest, and forwards from any', async () => {
      const { chat } = opened().store;
      const ids: number[] = [];
      for (const text of ['1', '2', '3', '4', '5']) {
        ids.push((await chat.append(message(text))).id);
        await chat.append(message(`other ${text}`, { sessionId: 'other' }));
      }
      const texts = (listed: { text: string }[][]) => listed.map((page) => page.map(({ text }) => text));
      const back = await pages((page) => chat.messages('general', page), 2);
      expect(texts(back)).toEqual([['5', '4'], ['3', '2'], ['1']]);
      const on = await pages((page) => chat.messages('general', { ...page, after: ids[1] }), 2);
      expect(texts(on)).toEqual([['3', '4'], ['5']]);
      const all = await pages((page) => chat.messages('general', { ...page, after: 0 }), 3);
      expect(texts(all)).toEqual([
        ['1', '2', '3'],
        ['4', '5'],
      ]);
      expect(await chat.lastMessage('general')).toBe(ids[4]);
      expect(await chat.lastMessage('empty')).toBe(0);
      await expect(chat.messages('general', { limit: 1, cursor: 'WyJhIl0' })).rejects.toMatchObject({
        code: 'request.bad_cursor',
      });
    });

    it('take any text', async () => {
      const { chat } = opened().store;
      for (const text of [
        'NUL \0 inside',
        'lone \uD800',
        `'; drop table chat_messages; --`,
        'e\u0301 👩‍👩‍👧',
      ])
        expect(
          await chat.append(message(text, { author: text, data: { [text]: text }, executionId: text })),
        ).toMatchObject({ text, author: text, data: { [text]: text }, executionId: text });
      expect((await chat.messages('general', { limit: 9 })).items).toHaveLength(4);
    });
  });
}
