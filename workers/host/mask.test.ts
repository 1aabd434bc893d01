import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Mask } from './mask.ts';

const CANARY = 'c4n4ry/"S3cret"+ä§ value';

const secret = fc.string({ minLength: 6, maxLength: 40 });

describe('a mask', () => {
  it.each([
    ['as it is', CANARY],
    ['in JSON', JSON.stringify({ a: CANARY })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: CANARY }))],
    ['in a URL', `https://example.org/?q=${encodeURIComponent(CANARY)}`],
    ['in a form', new URLSearchParams({ q: CANARY }).toString()],
    ['in hex', Buffer.from(CANARY).toString('hex')],
    ['in base64', Buffer.from(CANARY).toString('base64')],
    ['in the base64 of a longer text', Buffer.from(`user:${CANARY}!`).toString('base64')],
    ['in base64url', Buffer.from(`ab${CANARY}`).toString('base64url')],
    ['cut off at the end', `the end is ${CANARY.slice(0, 12)}`],
    ['cut off at the beginning', `${CANARY.slice(-12)} was the beginning`],
  ])('takes out a secret %s', (_, text) => {
    const masked = new Mask([CANARY]).text(text);
    expect(masked).toContain('***');
    expect(masked).not.toContain('c4n4ry');
    expect(masked).not.toMatch(/Y?zRuNHJ5|63346e3472/);
  });

  it('looks into lists, objects and the names of fields', () => {
    const mask = new Mask(['hunter22']);
    expect(mask.json({ hunter22: ['a', { b: 'say hunter22' }], n: 1 })).toEqual({
      '***': ['a', { b: 'say ***' }],
      n: 1,
    });
  });

  it('takes out pieces of a secret from errors, which quote what they were given', () => {
    const mask = new Mask(['0123456789abcdef']);
    expect(mask.error('Correct it near "456789abcd".')).toBe('Correct it near "***".');
    expect(mask.details({ at: ['x 23456789 y'] })).toEqual({ at: ['x *** y'] });
    expect(mask.error('1234567 is short enough')).toBe('1234567 is short enough');
  });

  it('takes out the lines of a secret of several lines', () => {
    expect(new Mask(['first-long-line\nsecond-long-line']).text('> second-long-line')).toBe('> ***');
  });

  it('leaves short values, which would be found in everything', () => {
    expect(new Mask(['ab', 'abcde']).text('abcde')).toBe('abcde');
  });

  it('leaves no secret anywhere, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, a, b) => {
          fc.pre(secrets.every((one) => !'***'.includes(one) && !/^\*+$/.test(one)));
          const mask = new Mask(secrets);
          const text = mask.text(a + secrets.join(b) + b);
          for (const one of secrets) if (!one.includes('*')) expect(text.includes(one)).toBe(false);
        },
      ),
    );
  });

  it('changes nothing where there is no secret', () => {
    fc.assert(
      fc.property(fc.json(), (json) => expect(new Mask().json(JSON.parse(json))).toEqual(JSON.parse(json))),
    );
  });
});
