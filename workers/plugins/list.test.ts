import { describe, expect, it } from '@jest/globals';
import { parseList } from './list.ts';

const HASH = 'a'.repeat(64);

/** The first problem of a list whose place is marked with `¦`. */
function problemOf(marked: string) {
  const before = marked.slice(0, marked.indexOf('¦'));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const { problems } = parseList(marked.replace('¦', ''), '/home');
  expect(problems[0]).toMatchObject({ line, column });
  return problems[0];
}

describe('the list of plugins', () => {
  it('reads each kind, with paths from its own folder', () => {
    const text = `
plugins:
  - { id: files, kind: mcp, command: node, path: servers/files.js, folder: servers, args: [/data], sha256: ${HASH}, env: { A: b } }
  - { id: any, kind: mcp, command: npx, args: [-y, something], unpinned: true }
  - { id: words, kind: module, path: /plugins/words.ts, sha256: ${HASH}, enabled: false }
  - { id: far, kind: mcp, url: "https://example.org/mcp", headers: { Authorization: Bearer x } }
`;
    const { entries, problems } = parseList(text, '/home');
    expect(problems).toEqual([]);
    expect(entries).toEqual([
      {
        id: 'files',
        kind: 'mcp',
        enabled: true,
        transport: 'stdio',
        command: 'node',
        args: ['/data'],
        env: { A: 'b' },
        pin: { path: '/home/servers/files.js', covers: '/home/servers', sha256: HASH },
      },
      expect.objectContaining({ id: 'any', command: 'npx', args: ['-y', 'something'], pin: undefined }),
      expect.objectContaining({
        id: 'words',
        enabled: false,
        pin: { path: '/plugins/words.ts', covers: '/plugins/words.ts', sha256: HASH },
      }),
      expect.objectContaining({
        id: 'far',
        transport: 'http',
        url: new URL('https://example.org/mcp'),
        headers: { Authorization: 'Bearer x' },
      }),
    ]);
  });

  it.each(['', '# nothing yet\n', 'plugins: []', '{}'])('may be empty: %j', (text) => {
    expect(parseList(text, '/home')).toEqual({ entries: [], problems: [] });
  });

  it.each([
    ['source.syntax', 'plugins: [\n¦'],
    ['schema.unknown_key', 'plugins:\n  - { id: a, kind: mcp, ¦comand: x, unpinned: true }'],
    ['schema.missing', 'plugins:\n  - ¦{ id: a, url: "https://example.org" }'],
    ['schema.invalid', 'plugins:\n  - { id: ¦A b, kind: mcp, url: "https://example.org" }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: ¦other }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: ¦mcp }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: ¦module }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, command: ¦npx }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: module, path: x.ts, command: ¦node }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, path: x.js, unpinned: ¦true }'],
    ['schema.invalid', `plugins:\n  - { id: a, kind: mcp, command: x, unpinned: true, sha256: ¦${HASH} }`],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, path: x.js, sha256: ¦ABC }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, url: ¦"file:///etc" }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, url: "https://example.org", command: ¦x }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, url: "https://example.org", env: ¦{ A: b } }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, path: x, headers: ¦{ A: b } }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, command: x, unpinned: true, folder: ¦. }'],
    ['schema.invalid', 'plugins:\n  - { id: a, kind: mcp, path: x }\n  - { id: ¦a, kind: mcp, path: y }'],
  ])('has %s at its place in %j', (code, marked) => {
    expect(problemOf(marked)?.code).toBe(code);
  });

  it('suggests the key that was meant', () => {
    expect(problemOf('plugins:\n  - { id: a, kind: mcp, ¦comand: x, unpinned: true }')?.fix).toBe(
      'did you mean "command"?',
    );
    expect(problemOf('¦plugin: []')?.fix).toBe('did you mean "plugins"?');
  });
});
