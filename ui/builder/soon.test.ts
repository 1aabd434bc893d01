import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/support/eventually.ts';
import { Soon } from './soon.ts';

describe('what is to be done soon', () => {
  it('is done once, however often it was asked for before', async () => {
    const done: string[] = [];
    const soon = new Soon(() => done.push('often'), 10_000);
    for (let asked = 0; asked < 5; asked++) soon.ask(10);
    new Soon(() => done.push('after'), 10_000).ask(30);
    await eventually(() => done.includes('after'), 'what was asked for later is done');
    expect(done).toEqual(['often', 'after']);
  });

  it('is done although somebody asks again and again without a pause', async () => {
    let isDone = false;
    const soon = new Soon(() => {
      isDone = true;
    }, 100);
    await eventually(async () => {
      for (let asked = 0; asked < 20 && !isDone; asked++) {
        soon.ask(5_000);
        await sleep(2);
      }
      return isDone;
    }, 'it is done while it is asked for');
    soon.stop();
  });

  it('is not done when it was called off, and can be asked for again', async () => {
    const done: string[] = [];
    const soon = new Soon(() => done.push('again'), 10_000);
    soon.ask(5);
    soon.stop();
    const other = new Soon(() => done.push('other'), 10_000);
    other.ask(20);
    await eventually(() => done.includes('other'), 'what was asked for later is done');
    expect(done).toEqual(['other']);
    soon.ask(5);
    await eventually(() => done.includes('again'), 'it is done');
  });
});
