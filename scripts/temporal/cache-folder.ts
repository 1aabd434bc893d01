import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Record<string, string | undefined>;

/** The folder that downloads are kept in across clones. `ACAS_CACHE` overrides the system's own place. */
export function cacheFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (env.ACAS_CACHE) return env.ACAS_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'acas-runner');
  const home = env.HOME || homedir();
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'acas-runner')
    : join(home, '.cache', 'acas-runner');
}
