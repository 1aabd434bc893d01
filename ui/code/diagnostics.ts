import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { Problem } from '#shared/definition/problem.ts';

/** The offset of a 1-based line and column; the nearest there is where the text is shorter. */
export function offsetOf(doc: Text, line: number, column = 1): number {
  const { from, length } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return from + Math.min(Math.max(0, column - 1), length);
}

/** Problems that have a line, as the editor marks them: from their column to the end of the word or line. */
export function diagnosticsOf(doc: Text, problems: readonly Problem[]): Diagnostic[] {
  return problems.flatMap(({ line, column, message, fix, code }) => {
    if (line === undefined) return [];
    const from = offsetOf(doc, line, column);
    const { to: end, text, from: start } = doc.lineAt(from);
    const word = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}[\]]+)/.exec(text.slice(from - start))?.[0].length;
    const to = word === undefined ? end : from + word;
    const advice = fix === undefined ? '' : ` ${fix}`;
    return [{ from, to, severity: 'error' as const, source: code, message: `${message}${advice}` }];
  });
}
