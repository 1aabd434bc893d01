import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#shared/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the interface is built from. */
const SOURCES = ['ui', 'shared', 'package-lock.json'];

function* filesIn(path: string): Generator<string> {
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) yield* filesIn(inner);
    else yield inner;
  }
}

/** A digest of every file the interface is built from. */
function digest(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of source.includes('.') ? [source] : filesIn(source))
      hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function readStamp(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Without a stamp there is no finished build, whatever the reason.
    return undefined;
  }
}

/** Runs Vite, whose words are shown only where it failed. */
async function build(folder: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', join(root, 'ui'), '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new AppError('interface.build_failed', `The interface could not be built:\n${Buffer.concat(said)}`, {
    fix: 'Undo the last change under ui/ or shared/, or delete node_modules and start again.',
  });
}

/**
 * Builds the interface where it has not been built from the files as they are; takes a few milliseconds otherwise.
 * @param report told when there is something to do
 * @returns the folder it is in
 * @throws AppError `interface.build_failed`
 */
export async function ensureInterface(report: (line: string) => void): Promise<string> {
  const folder = join(root, 'dist', 'ui');
  const stamp = join(folder, '.stamp');
  const wanted = digest();
  if (readStamp(stamp) === wanted) return folder;
  report('Building the interface');
  rmSync(stamp, { force: true });
  await build(folder);
  writeFileSync(stamp, wanted);
  return folder;
}
