// From a fresh clone to tested: dependencies, the Temporal executable, then every check.
import { ensureDependencies, fail } from './setup.mjs';
import { verify } from './verify.mjs';

try {
  ensureDependencies();
  const { register } = await import('tsx/esm/api');
  const unregister = register();
  const report = (line) => process.stdout.write(`${line}\n`);
  if (!process.env.TEMPORAL_CLI_PATH) {
    const { acquireTemporal } = await import('./temporal/acquire.ts');
    const { cacheFolder } = await import('./temporal/cache-folder.ts');
    await acquireTemporal({ cache: cacheFolder(process.env), report });
  }
  const { ensureInterface } = await import('./interface.ts');
  await ensureInterface(report);
  const { ensureChromium } = await import('./chromium.ts');
  ensureChromium(process.env, report);
  unregister();
  process.exit((await verify(process.argv.slice(2))) ? 0 : 1);
} catch (thrown) {
  fail(thrown);
}
