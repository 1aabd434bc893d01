import { ensureDependencies, fail } from './setup.mjs';

try {
  ensureDependencies();
  const { register } = await import('tsx/esm/api');
  register();
  const { mains, start } = await import('./start.ts');
  await start(mains);
} catch (thrown) {
  fail(thrown);
}
