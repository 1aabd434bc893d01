import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { problemHandler } from '#api/http/problems.ts';
import { catalogSchema } from '#shared/catalog/catalog.ts';
import { AppError } from '#shared/errors.ts';
import { readConfig, variableNames } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const captures = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, capture]) => capture ?? []);

const unique = (texts: string[]): string[] => [...new Set(texts)].sort();

describe('docs/errors.md', () => {
  const isTestCode = (path: string): boolean =>
    /\.(test|cases)\.ts$|\/(tests|fixtures|simulator)\/|\/_?fixture\.ts$|\/_killed-worker\.ts$/.test(path);

  const withoutComments = (text: string): string =>
    text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');

  const sources = ['shared', 'workers', 'api', 'scripts']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true }).map((file) => `${folder}/${file}`),
    )
    .filter((path) => /\.(ts|mjs)$/.test(path) && !isTestCode(path))
    .map((path) => ({ path, text: withoutComments(read(path)) }));

  /** Texts that look like codes and are none. What is not listed here has to be documented. */
  const NO_CODES: { pattern: RegExp; reason: string }[] = [
    {
      pattern: /\.(bin|csv|db|flag|gz|html|js|json|key|lock|md|mjs|pdf|tar|test|ts|txt|yaml|zip)$/,
      reason: 'names of files',
    },
    { pattern: /^grpc\./, reason: 'options of gRPC channels' },
    { pattern: /^runner\./, reason: "the worker's own activities" },
    {
      pattern: /^(?:(branch|core|credential|gc|maintenance|submodule)\.|config\.worktree$)/,
      reason: "git's settings and the words of its status",
    },
    {
      pattern: /^(ai\.(turn|compact)|plugins\.describe|actions\.preview)$/,
      reason: 'activities of agents and plugins',
    },
    { pattern: /^trigger\.(baseline|watch|listen)$/, reason: 'activities of file triggers' },
    {
      pattern: /^(workflows|workflow_executions|step_executions|triggers|chat_sessions)\.\w+$/,
      reason: 'columns of tables',
    },
    {
      pattern: /^(trigger\.(workflow_id|trigger_id)|workflow\.(id|deleted_at))$/,
      reason: 'columns in a query that names its tables trigger and workflow',
    },
    { pattern: /^(build|report)\./, reason: 'names of activity events in samples' },
  ];

  /** Codes that are put together where they are needed, by file; each stands for these. */
  const COMPUTED: Record<string, readonly string[]> = {
    'shared/definition/checks/ids.ts': ['trigger.duplicate', 'variable.duplicate'],
    'shared/definition/issues.ts': ['step.unknown_type', 'trigger.unknown_type'],
    'shared/steps/ai-flow/ai-flow.ts': ['limit.turns', 'limit.tokens', 'limit.cost'],
    // Puts the area before the codes of expressions, which are found where they are named.
    'shared/expression/errors.ts': [],
  };

  /** Codes without an area. */
  const PLAIN = ['internal'];

  const { actions } = catalogSchema.parse(JSON.parse(read('shared/catalog/catalog.generated.json')));

  const isNoCode = (text: string): boolean =>
    actions.some(({ type }) => type === text) || NO_CODES.some(({ pattern }) => pattern.test(text));

  /** Every quoted text of the form `area.what_happened`, however it becomes an error. */
  const dotted = (text: string): string[] => captures(text, /['"`]([a-z][a-z_]*\.[a-z][a-z_]*)['"`]/g);

  /** The expression language names its codes without their area. */
  const ofExpressions = (text: string): string[] =>
    [
      ...captures(text, /(?:\bfail|expressionError)\(\s*'([a-z_]+)'/g),
      ...captures(text, /\bcode: ((?:'[a-z_]+'[ |]*)+)/g).flatMap((union) => captures(union, /'([a-z_]+)'/g)),
    ].map((code) => `expression.${code}`);

  const codes = unique([
    ...sources.flatMap(({ path, text }) => [
      ...dotted(text).filter((code) => !isNoCode(code)),
      ...PLAIN.filter((code) => text.includes(`code: '${code}'`)),
      ...(path.startsWith('shared/expression/') ? ofExpressions(text) : []),
    ]),
    ...Object.values(COMPUTED).flat(),
  ]);

  /** The sections: code and text. */
  const sections = read('docs/errors.md')
    .split(/^(?=#{1,2} )/m)
    .filter((part) => part.startsWith('## '))
    .map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return { code: heading.slice('## '.length), text: lines.join('\n').trim() };
    });
  const documented = sections.map(({ code }) => code);

  it('has a section for every code that occurs in the source', () => {
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
  });

  it('has no section for a code that does not occur in the source', () => {
    expect(documented.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('has one short section per code, without exclamation marks', () => {
    expect(documented.filter((code, position) => documented.indexOf(code) !== position)).toEqual([]);
    const unfit = sections.filter(
      ({ text }) => text.length < 40 || text.split('\n').length > 6 || /!/.test(text),
    );
    expect(unfit).toEqual([]);
  });

  it('finds every code that an error is made with', () => {
    const making = /\b(?:AppError|Terminal|Retryable|Invalid|refuse)\(\s*'([^']*)'/g;
    const made = sources.flatMap(({ text }) => captures(text, making));
    expect(made.length).toBeGreaterThan(50);
    expect(made.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('knows every place where a code is put together', () => {
    const template =
      /(?:\bcode: |\btype: |\b(?:[A-Z]\w*Error|Terminal|Retryable|Invalid|refuse)\(\s*)`[^\s`/]+`/;
    const computing = sources.filter(({ text }) => template.test(text));
    expect(unique(computing.map(({ path }) => path))).toEqual(unique(Object.keys(COMPUTED)));
  });

  it('lists no exception that nothing needs any more', () => {
    const texts = sources.flatMap(({ text }) => dotted(text));
    expect(NO_CODES.filter(({ pattern }) => !texts.some((text) => pattern.test(text)))).toEqual([]);
  });

  describe('and the API', () => {
    let server: Server;

    beforeAll(async () => {
      const app = express();
      app.get('/:code', ({ params }) => {
        if (PLAIN.includes(params.code)) throw new Error('A fault of the runner.');
        throw new AppError(params.code, 'As the test asked.');
      });
      app.use(problemHandler(createLog({ level: 'silent' })));
      server = createServer(app);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });

    afterAll(() => new Promise((resolve) => server.close(resolve)));

    const answered = sections.flatMap(({ code, text }) =>
      captures(text, /HTTP\s+(\d{3})/g).map((status) => [code, Number(status)] as const),
    );

    it.each(answered)('agree that %s is answered with %d', async (code, status) => {
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/${code}`, { headers: { connection: 'close' } });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ code, status, type: `urn:acas-runner:error:${code}` });
    });
  });
});

const documents = [
  ...['README.md', 'CONTRIBUTING.md'].filter((path) => existsSync(join(ROOT, path))),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

describe.each(documents)('%s', (path) => {
  const text = read(path);
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');

  /** The anchor of a heading, as GitHub makes it. */
  const anchorOf = (heading: string): string =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');

  const isLost = (link: string): boolean => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (relative('.', target).startsWith('..') || !existsSync(join(ROOT, target))) return true;
    if (anchor === undefined || !target.endsWith('.md')) return false;
    return !captures(read(target), /^#{1,6} (.+)$/gm)
      .map(anchorOf)
      .includes(anchor);
  };

  it('links only to files and headings that exist', () => {
    const links = captures(prose.replace(/`[^`\n]*`/g, 'code'), /\]\(([^)\s]+)\)/g);
    expect(links.filter((link) => !/^[a-z]+:/.test(link)).filter(isLost)).toEqual([]);
  });

  it('names only files that exist', () => {
    const named = captures(prose, /`([^`\n]+)`/g)
      .flatMap((code) => code.split(/\s+/))
      .filter((word) =>
        /^(?:shared|workers|api|scripts|definitions|deploy|docs|test|bench)\/[\w./-]+$/.test(word),
      );
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const named = [
      ...captures(text, /\bnpm run (?:--?[\w-]+ )*([a-z][\w:-]*)/g),
      ...captures(text, /\bnpm (start|test)\b/g),
    ];
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  });

  it('counts no lines, files or tests and points at no line, for these change', () => {
    const counts = prose.match(
      /\b\d[\d,.]* (?:lines of code|loc|(?:source |test )?files|tests|test cases)\b/gi,
    );
    const lines = prose.match(/\.(?:ts|mjs|js|json|yaml):\d+\b|#L\d+\b/g);
    expect({ counts, lines }).toEqual({ counts: null, lines: null });
  });
});

describe('.env.example', () => {
  const text = read('.env.example');

  it('names exactly the variables that are read, each once', () => {
    expect(captures(text, /^([A-Z][A-Z0-9_]*)=/gm).sort()).toEqual([...variableNames].sort());
  });

  it('changes nothing when it is taken over as it is', () => {
    const home = join(ROOT, 'nowhere');
    expect(readConfig({ ...parseEnv(text) }, home)).toEqual(readConfig({}, home));
  });
});
