import { describe, expect, it } from '@jest/globals';
import { addressOf } from './query-text.ts';
import { startedBy, triggerWords } from './trigger-words.ts';
import { comingRuns, nextRunOf } from './triggers-ahead.ts';

describe('what started an execution', () => {
  it('is told by the field that tells most', () => {
    expect(startedBy({ type: 'file_change', id: 'inbox', filePath: 'a/b.md' })).toEqual({
      type: 'file change',
      detail: 'a/b.md',
    });
    const scheduledTime = '2026-01-02T03:00:00.000Z';
    expect(startedBy({ type: 'schedule', id: 'nightly', scheduledTime })).toEqual({
      type: 'schedule',
      detail: 'nightly',
      at: scheduledTime,
    });
    expect(startedBy({ type: 'schedule', scheduledTime: 'soon' })).toEqual({ type: 'schedule', detail: '' });
    expect(startedBy({ type: 'manual', id: 'manual' })).toEqual({ type: 'by hand', detail: '' });
    expect(startedBy({})).toEqual({ type: 'by hand', detail: '' });
    expect(startedBy({ type: 'text_published', filePath: 5 })).toEqual({
      type: 'text published',
      detail: '',
    });
  });
});

describe('a trigger in words', () => {
  const words = (type: string, config: Parameters<typeof triggerWords>[1]) =>
    triggerWords(type, config, (cron) => `<${cron}>`);

  it('says when it fires', () => {
    expect(words('schedule', { cron: '0 9 * * *', timezone: 'UTC' })).toBe('<0 9 * * *>, UTC');
    expect(words('schedule', { every: '5m' })).toBe('every 5m');
    expect(words('schedule', { every: 7_200_000 })).toBe('every 2h');
    expect(words('file_change', { path: 'src/**', events: ['add', 'change'] })).toBe('src/** (add, change)');
    expect(words('plugin', { pluginId: 'word-tools', trigger: 'word_count', config: {} })).toBe(
      'word count of word-tools',
    );
    expect(words('manual', {})).toBe('when a person starts it');
    expect(words('other', { slug: 'x', deep: {} })).toBe('slug: x');
    expect(words('other', {})).toBe('');
  });
});

describe('the starts that are coming', () => {
  const triggers = [
    { workflowId: 'a', triggerId: 'x', nextRuns: ['2026-01-02T00:00:00.000Z', '2026-01-04T00:00:00.000Z'] },
    { workflowId: 'a', triggerId: 'y', nextRuns: ['2026-01-01T00:00:00.000Z'] },
    { workflowId: 'b', triggerId: 'x', nextRuns: ['2026-01-03T00:00:00.000Z'] },
    { workflowId: 'c', triggerId: 'x', nextRuns: [] },
  ];

  it('come soonest first', () => {
    expect(comingRuns(triggers).map(({ workflowId, triggerId }) => workflowId + triggerId)).toEqual([
      'ay',
      'ax',
      'bx',
      'ax',
    ]);
    expect([...nextRunOf(triggers)]).toEqual([
      ['a', '2026-01-01T00:00:00.000Z'],
      ['b', '2026-01-03T00:00:00.000Z'],
    ]);
  });
});

describe('an address', () => {
  it('shows what is given only', () => {
    expect(addressOf('/x', { a: undefined, b: '' })).toBe('/x');
    expect(addressOf('/x', { a: 'b c', d: undefined })).toBe('/x?a=b+c');
  });
});
