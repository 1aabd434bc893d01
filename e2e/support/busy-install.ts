import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '#shared/json.ts';
import { fingerprint } from '#workers/plugins/fingerprint.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { Product } from '../../test/support/product.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const FILES: Record<string, string> = {
  'src/cart.ts':
    'export const total = (prices: number[]): number => prices.reduce((sum, price) => sum + price);\n',
  'sales/monday.json':
    '[{"region":"north","amount":120},{"region":"south","amount":80},{"region":"north","amount":45}]',
  'sales/tuesday.json': '[{"region":"south","amount":210},{"region":"west","amount":35}]',
  'inbox/ideas.md': '# Ideas\n\nSee [the board](https://example.org/board).\n\n## Next\n\nSketch it first.\n',
  'data/orders.csv': 'id,total\n1,20\n2,35\n',
  'releases/v2/app.txt': 'new',
  'live/app.txt': 'old',
};

const RELEASE = `id: release
name: Release
description: Waits for a person before anything goes live.
metadata: { tags: [deployment] }
variables:
  - { name: version, type: string, required: true, description: What goes live. }
steps:
  - { id: notes, name: Gather the notes, type: set, config: { values: { text: "Release {{ variables.version }}" } } }
  - id: sign_off
    name: Sign it off
    type: approval
    config: { message: "Let {{ variables.version }} go live?", data: { checks: passed } }
  - { id: live, name: Put it live, type: action, action: { type: file.write, parameters: { path: live/version.txt, content: "{{ variables.version }}" } } }
`;

const changed = (id: string, filePath: string): JsonObject => ({
  trigger: { id, type: 'file_change', event: 'change', filePath, size: 90 },
});

/** What runs, in this order, and how it starts. */
const RUNS: [workflow: string, body: JsonObject][] = [
  ['sales-summary', changed('sales', 'sales/monday.json')],
  ['sales-summary', changed('sales', 'sales/absent.json')],
  ['sales-summary', changed('sales', 'sales/tuesday.json')],
  ['inbox-report', changed('inbox', 'inbox/ideas.md')],
  ['nightly-backup', { trigger: { id: 'nightly', type: 'schedule', time: '2027-01-31T01:00:00.000Z' } }],
  ['automated-code-review', changed('on_change', 'src/cart.ts')],
  ['release', { variables: { version: 'v1' } }],
  ['deploy-with-undo', { variables: { release: 'v2', healthUrl: 'http://127.0.0.1:1/' } }],
];

const EXAMPLES = [
  'sales-summary',
  'inbox-report',
  'nightly-backup',
  'automated-code-review',
  'deploy-with-undo',
  'url-health',
];

async function write(product: Product): Promise<void> {
  for (const [path, content] of Object.entries(FILES)) {
    const file = join(product.workspace, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

async function plugIn(product: Product): Promise<void> {
  const folder = at('plugins/word-tools');
  const entry = { id: 'word-tools', kind: 'module', path: join(folder, 'index.ts'), folder };
  const plugins = [{ ...entry, sha256: await fingerprint(folder) }];
  await writeFile(join(product.home, 'plugins.yaml'), JSON.stringify({ plugins }));
}

const isRunning = (product: Product) =>
  eventually(async () => {
    const { items } = await product.ask<{ items: JsonObject[] }>('GET', '/plugins');
    return items.some(({ status }) => status === 'running') || undefined;
  }, 'the plugin runs');

async function execute(product: Product, workflow: string, body: JsonObject): Promise<string> {
  const path = `/workflows/${workflow}/execute`;
  return (await product.ask<{ executionId: string }>('POST', path, body)).executionId;
}

/** Runs one after the other, so that lists show them in this order; the last one waits for a person. */
async function run(product: Product): Promise<void> {
  for (const [workflow, body] of RUNS) {
    const known = (await product.executions(workflow)).length;
    const id = await execute(product, workflow, body);
    if (workflow === 'release')
      await product.insist('POST', `/executions/${encodeURIComponent(id)}/approvals/sign_off`, {
        approved: true,
      });
    await product.closed(workflow, known + 1, 60_000);
  }
  await execute(product, 'release', { variables: { version: 'v2' } });
}

/** Fills an installation with what people have after a week: the examples, with their runs, versions and words. */
export async function fill(product: Product): Promise<void> {
  await write(product);
  await plugIn(product);
  for (const id of EXAMPLES)
    await product.ask('POST', '/workflows', await readFile(at(`definitions/${id}.yaml`), 'utf8'));
  await product.ask('POST', '/workflows', RELEASE);
  for (const [name, description] of [
    ['GITHUB_TOKEN', 'Pushes the documentation'],
    ['SLACK_TOKEN', 'Posts to #releases'],
  ] as const)
    await product.ask('POST', '/secrets', { name, value: `hidden ${name}`, description });
  await run(product);
  await isRunning(product);
}
