import { ensureDependencies, fail } from './setup.mjs';

try {
  ensureDependencies();
  const { register } = await import('tsx/esm/api');
  register();
  const { ensureInterface } = await import('./interface.ts');
  if (!process.env.ACAS_UI) await ensureInterface((line) => process.stdout.write(`${line}\n`));
  const { mains, start } = await import('./start.ts');
  await start(mains);
} catch (thrown) {
  fail(thrown);
}
