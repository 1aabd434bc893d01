import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionStatuses } from '#shared/machine/status.ts';
import { allowedActions, isAllowed, outcomeWords } from './list-actions.ts';
import { addressWith, filterOf, isFiltered, SPANS } from './list-filter.ts';
import { foremost, freshWords, parted } from './list-fresh.ts';

describe('the filter of the list of executions', () => {
  it('stands in the address and reads back the same', () => {
    const filters = fc.record({
      workflowId: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      status: fc.option(fc.constantFrom(...executionStatuses), { nil: undefined }),
      within: fc.option(fc.constantFrom(...SPANS.map(({ within }) => within)), { nil: undefined }),
    });
    fc.assert(
      fc.property(filters, (filter) => {
        expect(filterOf(addressWith(filter).split('?')[1] ?? '')).toEqual(filter);
      }),
    );
  });

  it('leaves out what it does not know', () => {
    const filter = filterOf('status=odd&since=never&x=1');
    expect(isFiltered(filter)).toBe(false);
    expect(addressWith(filter)).toBe('/executions');
    expect(isFiltered(filterOf('workflowId=a'))).toBe(true);
  });
});

describe('what has come since the list was looked at', () => {
  const at = (startTime: string, executionId: string) => ({ startTime, executionId });
  const items = [at('3', 'c'), at('2', 'b'), at('2', 'a'), at('1', 'z')];

  it('is what stands before the foremost that was shown', () => {
    expect(parted(items, undefined)).toEqual({ rows: items, fresh: [] });
    expect(parted(items, at('2', 'b'))).toEqual({ rows: items.slice(1), fresh: items.slice(0, 1) });
    expect(parted(items, at('2', 'a')).fresh).toHaveLength(2);
    expect(parted(items, at('3', 'c')).fresh).toEqual([]);
    expect(foremost([...items].reverse())).toEqual(at('3', 'c'));
    expect(foremost([])).toBeUndefined();
  });

  it('is counted in words', () => {
    expect(freshWords(1)).toBe('1 new execution');
    expect(freshWords(3)).toBe('3 new executions');
  });
});

describe('what can be done with an execution', () => {
  it('depends on its state', () => {
    expect(allowedActions('running')).toEqual(['pause', 'cancel']);
    expect(allowedActions('waiting')).toEqual(['pause', 'cancel']);
    expect(allowedActions('pausing')).toEqual(['resume', 'cancel']);
    expect(allowedActions('queued')).toEqual(['cancel']);
    expect(allowedActions('timeout')).toEqual(['retry']);
    expect(isAllowed('retry', 'running')).toBe(false);
  });

  it('is told of several at once', () => {
    expect(outcomeWords('retry', 1, 0)).toBe('1 execution started again.');
    expect(outcomeWords('cancel', 3, 1)).toBe('3 executions asked to cancel, 1 could not be');
    expect(outcomeWords('pause', 0, 2)).toBe('2 executions could not be paused');
  });
});
