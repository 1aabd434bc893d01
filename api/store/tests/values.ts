import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import {
  draftChange,
  execution,
  type FreshUrl,
  publication,
  step,
  storePerBlock,
  workflow,
} from './support.ts';

const hostile = [
  `'; drop table workflows; --`,
  `" or ""="`,
  `\\'; select pg_sleep(10); --`,
  '%_\\%',
  '{{ secrets.TOKEN }}',
  '$1 ? :name @p {"a":1}',
  'NUL \0 in the middle',
  'lone \uD800 high and \uDC00 low',
  'the mark \uFDD0 itself, and \uFDD00000',
  'not a NUL: \\u0000 \\\\u0000 \\ud800',
  'emoji 👩‍👩‍👧, combining e\u0301, line \u2028 separator, right-to-left ‮',
];

/** Any text and any JSON goes in, and comes out the same. */
export function valuesConformance(freshUrl: FreshUrl): void {
  describe('values', () => {
    const opened = storePerBlock(freshUrl);

    it.each(hostile.map((text) => [JSON.stringify(text), text]))(
      'takes %s as data everywhere',
      async (_, text) => {
        const { workflows, executions, watermarks, audit } = opened().store;
        const json = { [text]: [text, { deep: text }] };
        await workflows.create(
          workflow(text, {
            name: text,
            description: text,
            metadata: { tags: [text] },
            draft: { source: text, format: 'yaml', definition: json },
          }),
        );
        const found = await workflows.list({ limit: 5, search: text, tag: text });
        expect(found.items).toMatchObject([{ id: text, name: text, description: text, definition: json }]);
        await workflows.saveDraft(text, { ...draftChange(text, 1), metadata: json });
        await workflows.publish(text, { ...publication('x', 2), definition: json, note: text, source: text });
        expect(await workflows.version(text, 1)).toMatchObject({
          definition: json,
          note: text,
          source: text,
        });
        expect(await workflows.get(text)).toMatchObject({ metadata: json });

        const run = execution(text, {
          status: text,
          output: text,
          errorMessage: text,
          error: json,
          variables: json,
        });
        await executions.archive(run, [step(text, { stepName: text, output: json, errorMessage: text })]);
        expect(await executions.get(text)).toMatchObject({ ...run, steps: [{ path: text, output: json }] });
        expect(await executions.archivedAmong([text, 'other'])).toEqual(new Set([text]));
        expect((await executions.list({ limit: 5, status: [text] })).items).toHaveLength(1);

        await watermarks.set(text, text);
        expect(await watermarks.get(text)).toBe(text);
        await audit.append({
          at: '2026-01-01T00:00:00Z',
          actor: text,
          action: text,
          subject: text,
          details: json,
        });
        expect((await audit.list({ limit: 5, subject: text })).items).toMatchObject([
          { actor: text, details: json },
        ]);
      },
    );

    it('returns any JSON as it was archived', async () => {
      const { executions } = opened().store;
      let n = 0;
      const values = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
      await fc.assert(
        fc.asyncProperty(values, values, async (output, input) => {
          const [given, taken] = JSON.parse(JSON.stringify([output, input])) as [Json, Json];
          const id = `run-${n++}`;
          await executions.archive(execution(id, { output: given }), [step('a', { input: taken })]);
          expect(await executions.get(id)).toMatchObject({ output: given, steps: [{ input: taken }] });
        }),
        { numRuns: 60 },
      );
    });

    it('takes a megabyte of JSON', async () => {
      const { executions } = opened().store;
      const output = Array.from({ length: 10_000 }, (_, n) => ({
        n,
        text: `line ${n} \0 `.repeat(8),
        half: n / 2,
      }));
      expect(JSON.stringify(output).length).toBeGreaterThan(1_000_000);
      await executions.archive(execution('big', { output }), [step('a', { output })]);
      const read = await executions.get('big');
      expect(read?.output).toEqual(output);
      expect(read?.steps[0]?.output).toEqual(output);
    });
  });
}
