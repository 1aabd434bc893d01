import { Text } from '@codemirror/state';
import { describe, expect, it } from '@jest/globals';
import { diagnosticsOf, offsetOf } from './diagnostics.ts';

const doc = Text.of(['name: A', 'steps:', '  - id: "a b"']);

describe('problems in the editor', () => {
  it('mark the word at their place', () => {
    const problem = { code: 'c', message: 'Bad.', path: 'steps[0].id', line: 3, column: 9, fix: 'Mend it.' };
    expect(diagnosticsOf(doc, [problem])).toEqual([
      { from: 23, to: 28, severity: 'error', source: 'c', message: 'Bad. Mend it.' },
    ]);
    expect(doc.sliceString(23, 28)).toBe('"a b"');
  });

  it('are left out where they have no line, and stay inside the text where it has become shorter', () => {
    expect(diagnosticsOf(doc, [{ code: 'c', message: '', path: '' }])).toEqual([]);
    expect(offsetOf(doc, 99, 99)).toBe(doc.length);
    expect(offsetOf(doc, 0, 0)).toBe(0);
  });
});
