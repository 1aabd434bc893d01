// Runs before anything is installed: Node's own modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const say = (line) => process.stdout.write(`${line}\n`);

/** An error for people: printed without its stack. */
class SetupError extends Error {}

/** @returns {string | null} what is wrong with a version of Node, or null. */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return null;
  return `ACAS Runner needs Node 20.19 or later; this is ${version}. Install a newer one, for example from https://nodejs.org or with "nvm install 22".`;
}

// A native module is built for one Node version and platform, so a change of either calls for a new install.
const wantedStamp = (folder) =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(`${process.versions.modules} ${process.platform} ${process.arch}`)
    .digest('hex');

const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (thrown.code === 'ENOENT') return null;
    throw thrown;
  }
};

const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown.code === 'EPERM';
  }
};

/** Longer than it takes to write a pid: a lock without one that is this old was left half-made. In milliseconds. */
const writing = 5_000;

/** Whether a lock was left by a process that was killed. */
const isLeft = (path) => {
  const owner = Number(readIfThere(path));
  if (owner > 0) return !isAlive(owner);
  return existsSync(path) && Date.now() - statSync(path).mtimeMs > writing;
};

const tryLock = (path) => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (thrown.code !== 'EEXIST') throw thrown;
    if (isLeft(path)) rmSync(path, { force: true });
    return false;
  }
};

const withLock = (path, work) => {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryLock(path); told = true) {
    if (!told) say(`Another process installs the dependencies; waiting for it (lock: ${path})`);
    sleep(300);
  }
  const release = () => rmSync(path, { force: true });
  // npm runs in the foreground and gets the Ctrl-C too; what is left for us is the lock.
  process.once('exit', release);
  try {
    return work();
  } finally {
    release();
    process.off('exit', release);
  }
};

const npm = (folder, args) => {
  const result = spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return result.status === 0
    ? null
    : (result.error?.message ?? result.signal ?? `exit code ${result.status}`);
};

const install = (folder) => {
  say('Installing dependencies (once; building the database module can take two minutes)');
  if (npm(folder, ['ci']) === null) return;
  // A mirror that lacks packages of other platforms makes a lock file that "npm ci" refuses as incomplete;
  // "npm install" takes the same versions from it.
  say('"npm ci" failed; trying "npm install --no-save"');
  const problem = npm(folder, ['install', '--no-save']);
  if (problem === null) return;
  throw new SetupError(
    `The dependencies could not be installed: "npm install" ended with ${problem}; its reason stands above.\n` +
      'Check the network and the registry npm is set up for ("npm ping"). If a native module could not be built, install a C++ compiler, make and Python 3. Then start again.',
  );
};

/**
 * Installs the dependencies when they are missing or do not fit package-lock.json; a few milliseconds otherwise.
 * @param {string} [folder] the project's root
 */
export function ensureDependencies(folder = root) {
  const problem = nodeProblem(process.versions.node);
  if (problem !== null) throw new SetupError(problem);
  const stamp = join(folder, 'node_modules', '.acas-stamp');
  const wanted = wantedStamp(folder);
  if (readIfThere(stamp) === wanted) return;
  withLock(join(folder, '.acas', 'install.lock'), () => {
    if (readIfThere(stamp) === wanted) return;
    install(folder);
    writeFileSync(stamp, wanted);
  });
}

/** Prints an error of the set-up as a message and any other with its stack, and ends the process. */
export function fail(thrown) {
  const known = thrown instanceof SetupError || thrown?.name === 'AppError';
  const text = known ? [thrown.message, thrown.fix].filter(Boolean).join('\n') : (thrown?.stack ?? thrown);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
