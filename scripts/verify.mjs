// Every check there is, in order of speed; a failed one does not keep the others from running.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, root } from './setup.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

const scripts = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts ?? {};

const checks = (jestArguments) => [
  { name: 'format and lint', command: bin('biome'), args: ['ci', '--colors=off', '.'] },
  { name: 'types', command: bin('tsc'), args: ['-p', '.', '--noEmit'] },
  { name: 'types of the ui', command: bin('tsc'), args: ['-p', 'ui', '--noEmit'] },
  {
    name: 'architecture',
    command: bin('depcruise'),
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'workers',
      'api',
      'scripts',
      'bench',
      'test',
      'plugins',
      'ui',
      'e2e',
    ],
    when: () => existsSync(join(root, '.dependency-cruiser.cjs')),
  },
  { name: 'dead code', command: bin('knip'), args: [] },
  {
    name: 'catalogue',
    command: 'npm',
    args: ['run', '--silent', 'catalog', '--', '--check'],
    when: () => 'catalog' in scripts(),
  },
  {
    name: 'tests',
    command: bin('jest'),
    args: jestArguments,
    env: {
      NODE_OPTIONS:
        `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings=ExperimentalWarning`.trim(),
    },
  },
];

/** Passes the output on as it comes and keeps it, for jest's own summary. */
const runCheck = ({ command, args, env }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...env },
    });
    let text = '';
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on('data', (chunk) => {
        to.write(chunk);
        text += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ text, problem: code === 0 ? null : (signal ?? `exit code ${code}`) }),
    );
  });

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const colours = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

const jestSummary = (text) =>
  text.split('\n').filter((line) => /^(Test Suites|Tests|Snapshots|Time):/.test(line.replace(colours, '')));

/**
 * Runs every check and prints what each came to.
 * @param {string[]} jestArguments handed on to jest
 * @returns {Promise<boolean>} whether all passed
 */
export async function verify(jestArguments = []) {
  const begin = performance.now();
  const rows = [];
  let failed = 0;
  let summary = [];
  for (const check of checks(jestArguments)) {
    if (check.when?.() === false) continue;
    process.stdout.write(`\n> ${check.name}\n`);
    const since = performance.now();
    const { problem, text } = await runCheck(check);
    if (problem !== null) failed++;
    if (check.name === 'tests') summary = jestSummary(text);
    rows.push(
      `${problem === null ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(16)} ${seconds(since).padStart(8)}${problem === null ? '' : `  ${problem}`}`,
    );
  }
  process.stdout.write(
    `\n${rows.join('\n')}\n${failed === 0 ? 'All checks passed' : `${failed} of ${rows.length} checks failed`} in ${seconds(begin)}\n`,
  );
  process.stdout.write(`${summary.join('\n')}\n`);
  return failed === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  verify(process.argv.slice(2)).then((passed) => process.exit(passed ? 0 : 1), fail);
}
