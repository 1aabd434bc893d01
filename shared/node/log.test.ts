import { describe, expect, it } from '@jest/globals';
import { createLog, type LogOptions } from './log.ts';

const written = (options: LogOptions) => {
  const lines: string[] = [];
  const log = createLog({ ...options, destination: { write: (line) => void lines.push(line) } });
  return { log, lines };
};

describe('createLog', () => {
  it('writes one JSON object a line for machines', () => {
    const { log, lines } = written({ name: 'api' });
    log.info({ run: 'r1' }, 'started');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ name: 'api', run: 'r1', msg: 'started' }),
    ]);
  });

  it('writes one plain line for people', () => {
    const { log, lines } = written({ name: 'worker', format: 'pretty' });
    log.warn({ run: 'r1', steps: [1] }, 'slow');
    expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d warn worker: slow run=r1 steps=\[1\]\n$/)]);
  });

  it('shows the stack of an error', () => {
    const { log, lines } = written({ format: 'pretty' });
    log.error({ err: new TypeError('bad') }, 'failed');
    expect(lines[0]).toMatch(/error failed\nTypeError: bad\n {4}at /);
  });

  it('says nothing below its level', () => {
    const { log, lines } = written({ level: 'error' });
    log.warn('quiet');
    expect(lines).toEqual([]);
  });
});
