import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import { complete, explain, lenient } from './complete.ts';
import { explained, type Grammar } from './schema-at.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as JsonObject;
const grammar = {
  schema: read('../../shared/definition/workflow.schema.json'),
  actions: read('../../shared/catalog/catalog.generated.json').actions,
} as unknown as Grammar;
const samples = [{ type: 'file_change', sample: { filePath: 'a', event: 'change' } }];

/** What is offered at the `‸` in a text, and what the first choice would make of it. */
function at(marked: string) {
  const offset = marked.indexOf('‸');
  const text = marked.replace('‸', '');
  const found = complete(grammar, text, offset, samples);
  const labels = found?.choices.map(({ label }) => label) ?? [];
  const chosen = (label: string): string | undefined => {
    const choice = found?.choices.find((candidate) => candidate.label === label);
    return choice && text.slice(0, found?.from) + (choice.insert ?? choice.label) + text.slice(offset);
  };
  return { labels, chosen };
}

describe('completion in a definition', () => {
  it('offers keys that are not there yet', () => {
    const { labels, chosen } = at('name: A\n‸');
    expect(labels).toEqual(expect.arrayContaining(['steps', 'triggers', 'finally']));
    expect(labels).not.toContain('name');
    expect(chosen('steps')).toBe('name: A\nsteps:\n  - ');
  });

  it('offers the keys of the step type that is written further down', () => {
    const { labels } = at('name: A\nsteps:\n  - id: a\n    ‸\n    type: loop\n');
    expect(labels).toEqual(expect.arrayContaining(['config', 'timeout', 'connections']));
    expect(labels).not.toContain('action');
    expect(at('steps:\n  - type: action\n    a‸').labels).toContain('action');
  });

  it('offers what a loop is configured with, and the steps in it', () => {
    expect(at('steps:\n  - type: loop\n    config:\n      ‸').labels).toEqual(
      expect.arrayContaining(['items', 'concurrency', 'onItemError']),
    );
    expect(at('steps:\n  - type: loop\n    config:\n      steps:\n        - ‸').labels).toContain('type');
    expect(at('steps:\n  - type: loop\n    config:\n      onItemError: ‸').labels).toEqual([
      'fail',
      'continue',
    ]);
  });

  it('offers types of steps, triggers and actions', () => {
    expect(at('steps:\n  - type: ‸').labels).toEqual(
      expect.arrayContaining(['action', 'loop', 'parallel', 'set', 'approval', 'ai_flow']),
    );
    expect(at('triggers: [{ type: ‸ }]').labels).toEqual([
      'manual',
      'schedule',
      'file_change',
      'webhook',
      'activity',
      'escalation',
      'chat',
      'plugin',
    ]);
    const { labels, chosen } = at('steps:\n  - type: action\n    action: { type: file.r‸ }');
    expect(labels).toContain('file.read');
    expect(chosen('file.read')).toContain('{ type: file.read }');
  });

  it('offers the parameters of the action and their values', () => {
    const text = 'steps:\n  - type: action\n    action:\n      type: file.read\n      parameters:\n        ';
    const { labels, chosen } = at(`${text}‸`);
    expect(labels).toEqual(['path', 'encoding', 'maxBytes']);
    expect(chosen('path')).toBe(`${text}path: `);
    expect(at(`${text}encoding: ‸`).labels).toContain('base64');
    expect(at('steps: [{ type: action, action: { type: file.read, parameters: { ‸ } } }]').labels).toContain(
      'path',
    );
  });

  it('offers the other steps of the list as targets', () => {
    const text = `steps:
  - id: a
    type: set
    connections: { outputs: [{ targetStepId: ‸ }] }
  - name: Second Step
    type: set`;
    expect(at(text).labels).toEqual(['second_step']);
  });

  it('offers true and false, and enums in lists', () => {
    expect(at('enabled: ‸').labels).toEqual(['true', 'false']);
    expect(at('triggers:\n  - type: file_change\n    config:\n      events: [‸]').labels).toContain('change');
    expect(at('triggers:\n  - type: file_change\n    config:\n      events:\n        - ‸').labels).toContain(
      'change',
    );
  });

  it('keeps to names inside quotes', () => {
    expect(at('{ "name": "a", "‸" }').chosen('steps')).toBe('{ "name": "a", "steps" }');
  });

  it('offers nothing in comments, and never throws at any place of a text', () => {
    expect(at('# name: ‸').labels).toEqual([]);
    const text = readFileSync(
      new URL('../../definitions/automated-code-review.yaml', import.meta.url),
      'utf8',
    );
    for (let offset = 0; offset < text.length; offset += 7)
      expect(() => complete(grammar, text.slice(0, offset) + text.slice(offset + 3), offset)).not.toThrow();
  });
});

describe('completion in expressions', () => {
  const flow = (expression: string) => `
triggers: [{ type: file_change, config: { path: "*" } }]
variables: [{ name: channel, type: string, description: Where to }]
steps:
  - { id: read, name: Read it, type: action, action: { type: file.read, parameters: { path: a } } }
  - id: post
    type: action
    action:
      type: chat.send
      parameters: { message: "Hello ${expression}" }`;

  it('offers names and functions', () => {
    const { labels, chosen } = at(flow('{{ ‸ }}'));
    expect(labels).toEqual(expect.arrayContaining(['steps', 'trigger', 'variables', 'upper']));
    expect(chosen('upper')).toContain('{{ upper( }}');
  });

  it('offers steps in sight, their fields, and the fields of an action’s output', () => {
    expect(at(flow('{{ steps.‸')).labels).toEqual(['read']);
    expect(at(flow('{{ steps.read.‸')).labels).toContain('output');
    expect(at(flow('{{ upper(steps.read.output.con‸')).labels).toContain('content');
  });

  it('offers variables and what the trigger’s event holds', () => {
    expect(at(flow('{{ variables.‸')).labels).toEqual(['channel']);
    expect(at(flow('{{ trigger.‸')).labels).toEqual(['id', 'type', 'time', 'filePath', 'event']);
  });

  it('offers nothing after the braces, after a call, or in numbers', () => {
    expect(at(flow('{{ variables.channel }} ‸')).labels).toEqual([]);
    expect(at(flow('{{ upper(1).‸')).labels).toEqual([]);
  });

  it('knows the loop around, and conditions without braces', () => {
    const loop =
      'steps:\n  - type: loop\n    config:\n      itemVariable: file\n      steps:\n        - type: set\n          config: { values: { a: "{{ ‸" } }';
    expect(at(loop).labels).toEqual(expect.arrayContaining(['file', 'index']));
    expect(at('steps:\n  - type: condition\n    config:\n      expression: ste‸').labels).toContain('steps');
  });
});

describe('what a key means', () => {
  it('is said for keys of the language, types, actions and parameters', () => {
    const value = lenient(`
steps:
  - type: action
    timeout: 3s
    action: { type: file.read, parameters: { encoding: utf8 } }`);
    const say = (path: (string | number)[]) => explained(grammar, path, value).join(' ');
    expect(say(['steps', 0, 'timeout'])).toContain('500ms');
    expect(say(['steps', 0, 'type'])).toContain('Action');
    expect(say(['steps', 0, 'action', 'type'])).toContain('Reads a file of the workspace.');
    expect(say(['steps', 0, 'action', 'parameters', 'encoding'])).toContain('Default: "utf8"');
    expect(say(['nothing'])).toBe('');
  });

  it('is found by where its word ends, and is nothing inside expressions and comments', () => {
    const text = 'steps:\n  - { type: action, timeout: 3s, action: { type: file.read } } # type: set\n';
    const end = (word: string): number => text.indexOf(word) + word.length;
    expect(explain(grammar, text, end('timeout'))[0]).toContain('500ms');
    expect(explain(grammar, text, end('file.read'))).toContain('Reads a file of the workspace.');
    expect(explain(grammar, '# name', 6)).toEqual([]);
    expect(explain(grammar, 'output: "{{ steps', 17)).toEqual([]);
  });
});
