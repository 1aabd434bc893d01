import { describe, expect, it } from '@jest/globals';
import { createLatest } from './latest.ts';

/** Work that ends when told to, and remembers what it was asked. */
function handWork() {
  const ran: string[] = [];
  const ends: (() => void)[] = [];
  const run = (input: string): Promise<string> => {
    ran.push(input);
    return new Promise((resolve, reject) =>
      ends.push(() => (input === 'bad' ? reject(new Error(input)) : resolve(`${input} done`))),
    );
  };
  const endNext = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { ran, run, endNext };
}

describe('work of which only the newest counts', () => {
  it('answers what was asked', async () => {
    const { run, endNext } = handWork();
    const answer = createLatest(run).ask('a');
    await endNext();
    await expect(answer).resolves.toBe('a done');
  });

  it('never does more than one thing, skips what a newer one replaced, and gives everybody the newest', async () => {
    const { ran, run, endNext } = handWork();
    const latest = createLatest(run);
    const answers = ['a', 'b', 'c', 'd'].map((input) => latest.ask(input));
    expect(ran).toEqual(['a']);
    await endNext();
    expect(ran).toEqual(['a', 'd']);
    await endNext();
    await expect(Promise.all(answers)).resolves.toEqual(Array(4).fill('d done'));
  });

  it('tells a failure and goes on', async () => {
    const { run, endNext } = handWork();
    const latest = createLatest(run);
    const failed = expect(latest.ask('bad')).rejects.toThrow('bad');
    await endNext();
    await failed;
    const next = latest.ask('good');
    await endNext();
    await expect(next).resolves.toBe('good done');
  });
});
