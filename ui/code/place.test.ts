import { describe, expect, it } from '@jest/globals';
import { placeAt } from './place.ts';

/** The place at the `|` in a text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const { path, kind, word } = placeAt(marked.replace('|', ''), offset);
  return { path: path.join('.'), kind, word };
}

describe('where the cursor is', () => {
  it.each([
    ['|', '', 'key', ''],
    ['na|', '', 'key', 'na'],
    ['name: Hel|', 'name', 'value', 'Hel'],
    ['name: |', 'name', 'value', ''],
    ['steps:\n  - |', 'steps.0', 'key', ''],
    ['steps:\n  - id: a\n    ty|', 'steps.0', 'key', 'ty'],
    ['steps:\n  - id: a\n    |', 'steps.0', 'key', ''],
    ['steps:\n  - id: a\n  - id: b\n    type: |', 'steps.1.type', 'value', ''],
    ['steps:\n- id: a\n- id: b\n  action:\n    type: file.|', 'steps.1.action.type', 'value', 'file.'],
    ['steps:\n- id: a\n  action:\n    |', 'steps.0.action', 'key', ''],
    [
      'steps:\n- id: a\n  action:\n    type: x\n    parameters:\n      |',
      'steps.0.action.parameters',
      'key',
      '',
    ],
    ['steps:\n  - id: a\n\nfin|', '', 'key', 'fin'],
    ['a:\n  - x\n  - y|', 'a.1', 'key', 'y'],
    ['steps:\n  - { id: a, type: act| }', 'steps.0.type', 'value', 'act'],
    ['steps:\n  - { id: a, ty|', 'steps.0', 'key', 'ty'],
    ['steps:\n  - { id: a, action: { type: x, parameters: { | } } }', 'steps.0.action.parameters', 'key', ''],
    ['on: [change, a|', 'on.1', 'value', 'a'],
    ['{ "name": "a", "steps": [{ "type": "se|', 'steps.0.type', 'value', '"se'],
    ['{\n  "steps": [\n    { "id": "a" },\n    { "|', 'steps.1', 'key', '"'],
    ['text: |\n  not: a key\n  more\nna', 'text', 'value', ''],
    ['# a: |', '', 'none', ''],
    ['a: 1 # {\nb: |', 'b', 'value', ''],
    ['a: "x: {"\nb|', '', 'key', 'b'],
    ['"quoted key": |', 'quoted key', 'value', ''],
    ['a: "{{ steps.|', 'a', 'value', '"{{ steps.'],
  ])('%j', (text, path, kind, word) => {
    const found = at(text);
    expect(found).toEqual({ path, kind, word });
  });

  it('skips texts written over several lines', () => {
    const text =
      'steps:\n  - id: a\n    config:\n      prompt: >\n        name: {{ x\n\n        - more\n    ';
    expect(placeAt(text, text.length)).toMatchObject({ path: ['steps', 0], kind: 'key' });
    expect(placeAt(text, text.indexOf('more'))).toMatchObject({ path: ['steps', 0, 'config', 'prompt'] });
  });
});
