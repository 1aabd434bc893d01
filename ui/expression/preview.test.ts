import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scope } from './fixture.ts';
import { preview } from './preview.ts';

describe('a live result', () => {
  it('gives a plain text as it is, and an exact expression with its type', () => {
    expect(preview('plain', scope)).toEqual({ value: 'plain' });
    expect(preview('{{ steps.read.output.size + 1 }}', scope)).toEqual({ value: 6 });
    expect(preview('to {{ variables.channel }}', scope)).toEqual({ value: 'to reviews' });
  });

  it('evaluates a condition with and without braces', () => {
    expect(preview('trigger.size > 1000', scope, true)).toEqual({ value: true });
    expect(preview('{{ trigger.size > 5000 }}', scope, true)).toEqual({ value: false });
  });

  it('says what is wrong and where', () => {
    expect(preview('x {{ trigger.filePath + }}', scope)).toMatchObject({ error: expect.any(String) });
    expect(preview('ab {{ steps.raed.output }}', scope)).toMatchObject({
      error: expect.stringContaining('raed'),
      position: expect.any(Number),
    });
    expect(preview('{{ upper( }}', scope)).toHaveProperty('error');
    expect(preview('{{ open', scope)).toMatchObject({ position: 0 });
    expect(preview('', scope, true)).toHaveProperty('error');
  });

  it('takes secrets and what has no sample for unknown, not for wrong', () => {
    for (const text of [
      '{{ secrets.API_KEY }}',
      'Bearer {{ secrets.NOT_YET }}',
      '{{ steps.later.output.value }}',
      '{{ variables.limit * 2 }}',
      '{{ item.name }}',
      '{{ execution.id }}',
      "{{ length(steps['review-code'].output.large.text) }}",
    ])
      expect(preview(text, scope)).toHaveProperty('unknown');
    expect(preview("secrets.API_KEY == 'x'", scope, true)).toHaveProperty('unknown');
  });

  it('stops at its limit rather than hang', () => {
    const nested = '{{ range(0, 10000).map(x => range(0, 10000).map(y => x * y)) }}';
    expect(preview(nested, scope)).toMatchObject({ error: expect.stringContaining('steps') });
  });

  it('always answers, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.boolean(), (text, isCondition) => {
        const answer = preview(isCondition ? text : `{{${text}}}`, scope, isCondition);
        expect(['value', 'error', 'unknown'].some((key) => key in answer)).toBe(true);
      }),
    );
  });
});
