import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressWith, filterOf, isFiltered, tagsOf } from './filter.ts';
import { withItems } from './pages-of.ts';
import { publicationOf, rateText } from './publication.ts';

const some = fc.option(fc.string({ minLength: 1 }), { nil: undefined });

describe('the filter of the list of workflows', () => {
  it('stands in the address and reads back the same', () => {
    const enabled = fc.option(fc.boolean(), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ search: some, tag: some, enabled }), (filter) => {
        expect(filterOf(addressWith(filter).split('?')[1] ?? '')).toEqual(filter);
      }),
    );
  });

  it('leaves out what it does not know', () => {
    const filter = filterOf('enabled=perhaps&tag=&colour=red');
    expect(filter).toEqual({ search: undefined, tag: undefined, enabled: undefined });
    expect(isFiltered(filter)).toBe(false);
    expect(isFiltered({ enabled: false })).toBe(true);
    expect(addressWith(filter)).toBe('/workflows');
  });
});

describe('the tags to choose from', () => {
  it('are those in use, the most used first, and the chosen one', () => {
    const workflow = (...tags: string[]) => ({ metadata: { tags } });
    expect(tagsOf([workflow('b', 'a'), workflow('a'), workflow()])).toEqual(['a', 'b']);
    expect(tagsOf([workflow('b')], 'gone')).toEqual(['b', 'gone']);
  });
});

describe('pages of a list', () => {
  it('change and lose single items', () => {
    const data = {
      pages: [
        { items: [1, 2], nextCursor: 'x' },
        { items: [3], nextCursor: null },
      ],
      pageParams: [undefined, 'x'],
    };
    const changed = withItems(data, (item: number) => (item === 2 ? undefined : item * 10));
    expect(changed?.pages.map(({ items }) => items)).toEqual([[10], [30]]);
    expect(data.pages[0]?.items).toEqual([1, 2]);
    expect(withItems(undefined, (item) => item)).toBeUndefined();
  });
});

describe('the state of a workflow', () => {
  it('says what is published', () => {
    expect(publicationOf({ publishedVersion: null, hasDraft: true }).words).toBe('Never published');
    expect(publicationOf({ publishedVersion: 3, hasDraft: false }).words).toBe('Published v3');
    expect(publicationOf({ publishedVersion: 3, hasDraft: true }).words).toBe('v3, draft changes');
  });

  it('never rounds a rate up to 100 %', () => {
    expect(rateText({ recent: [], successRate: 0 })).toBe('–');
    expect(rateText({ recent: [1], successRate: 0.999 })).toBe('99 %');
    expect(rateText({ recent: [1], successRate: 1 })).toBe('100 %');
  });
});
