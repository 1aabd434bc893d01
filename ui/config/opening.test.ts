import { describe, expect, it } from '@jest/globals';
import { opened } from './opening.ts';

describe('beginning an expression', () => {
  it('closes what was opened, with the caret inside', () => {
    expect(opened('', '=', 1)).toEqual({ text: '{{  }}', caret: 3 });
    expect(opened('{', '{{', 2)).toEqual({ text: '{{  }}', caret: 3 });
    expect(opened('to {', 'to {{', 5)).toEqual({ text: 'to {{  }}', caret: 6 });
    expect(opened('a {b', 'a {{b', 4)).toEqual({ text: 'a {{  }}b', caret: 5 });
  });

  it('leaves what was pasted whole', () => {
    expect(opened('', '{{ a }}', 7)).toEqual({ text: '{{ a }}', caret: 7 });
  });

  it('is nothing for other keys, and where there is an expression already', () => {
    expect(opened('a', 'a=', 2)).toBeUndefined();
    expect(opened('a', 'ab', 2)).toBeUndefined();
    expect(opened('{{ a }}', '{{ a }} {{', 10)).toBeUndefined();
  });
});
