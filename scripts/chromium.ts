import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '#shared/errors.ts';

type Environment = Record<string, string | undefined>;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: the same to who looks for a program.
    return false;
  }
};

const onPath = (name: string, env: Environment): string | undefined =>
  (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram);

/** The Chromium to test with: CHROMIUM_PATH, or one on the PATH. */
export function findChromium(env: Environment): string | undefined {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  return NAMES.map((name) => onPath(name, env)).find((path) => path !== undefined);
}

const missing = (why: string): AppError =>
  new AppError('setup.no_chromium', `The browser tests need Chromium, and none was found. ${why}`, {
    fix: 'Install it ("apt-get install chromium", or your system\'s way), or set CHROMIUM_PATH to the program.',
  });

/**
 * Finds Chromium; on Debian and its kin, as root, installs it where it is missing.
 * @throws AppError `setup.no_chromium`
 */
export function ensureChromium(env: Environment, report: (line: string) => void): string {
  const found = findChromium(env);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || onPath('apt-get', env) === undefined)
    throw missing('It is installed by itself only as root, with apt-get.');
  report('Installing Chromium for the browser tests');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw missing(`"apt-get ${args.join(' ')}" failed: ${stderr.trim().slice(-500)}`);
  }
  const installed = findChromium(env);
  if (installed === undefined) throw missing('apt-get installed it where it cannot be found.');
  return installed;
}
