import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workflowJsonSchemaText } from '#shared/definition/schema.ts';
import { catalogOf } from '#workers/catalog.ts';
import { catalogPage } from '#workers/catalog-page.ts';
import { loadActions } from '#workers/registry.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw thrown;
  }
};

/** What is generated from the action registry and the language's schema: text by path. */
export async function generated(): Promise<Record<string, string>> {
  const catalog = catalogOf(await loadActions());
  return {
    'shared/catalog/catalog.generated.json': `${JSON.stringify(catalog, undefined, 2)}\n`,
    'shared/definition/workflow.schema.json': workflowJsonSchemaText(),
    'docs/actions.md': catalogPage(catalog),
  };
}

/** The generated files that are not what the registry says. */
export const stale = (files: Record<string, string>): string[] =>
  Object.entries(files).flatMap(([path, text]) => (readIfThere(at(path)) === text ? [] : [path]));

async function main(isCheck: boolean): Promise<void> {
  const files = await generated();
  const paths = stale(files);
  if (isCheck && paths.length > 0) {
    process.stderr.write(
      `${paths.join(' and ')} no longer fit the code they are made from. Run: npm run catalog\n`,
    );
    process.exitCode = 1;
    return;
  }
  for (const path of paths) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), files[path] ?? '');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'));
