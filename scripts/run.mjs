// Runs one program of the product by itself: node scripts/run.mjs api
import { ensureDependencies, fail } from './setup.mjs';

const programs = { api: '../api/main.ts', worker: '../workers/main.ts' };

try {
  const name = process.argv[2];
  if (!Object.hasOwn(programs, name ?? '')) {
    throw Object.assign(new Error(`Unknown program "${name ?? ''}".`), {
      name: 'AppError',
      fix: `Use one of: ${Object.keys(programs).join(', ')}.`,
    });
  }
  ensureDependencies();
  const { register } = await import('tsx/esm/api');
  register();
  await import(programs[name]);
} catch (thrown) {
  fail(thrown);
}
