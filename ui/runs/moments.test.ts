import { expect, it } from '@jest/globals';
import { isBad, momentsOf, momentWords } from './moments.ts';

const event = (id: number, type: string, step?: string) => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  type,
  step,
});

const EVENTS = [
  event(1, 'started'),
  event(3, 'task_started'),
  event(4, 'task_completed'),
  event(5, 'activity_scheduled', 'read'),
  event(6, 'activity_started', 'read'),
  event(7, 'activity_ended', 'read'),
  event(9, 'task_started'),
  event(10, 'task_completed'),
];

it('leaves out the turns of the engine, and counts them to what they follow', () => {
  expect(momentsOf(EVENTS).map(({ id, upTo }) => [id, upTo])).toEqual([
    [1, 4],
    [5, 5],
    [6, 6],
    [7, 10],
  ]);
  expect(momentsOf([])).toEqual([]);
});

it('says what happened to which step', () => {
  const names = new Map([['read', 'Read it']]);
  const [started, , began, ended] = momentsOf(EVENTS);
  expect([started, began, ended].map((each) => each && momentWords(each, names))).toEqual([
    'started',
    'Read it began',
    'Read it did not succeed',
  ]);
  expect(momentWords(event(1, 'activity_completed', 'gone'), names)).toBe('gone succeeded');
  expect(momentsOf(EVENTS).map(isBad)).toEqual([false, false, false, true]);
});
