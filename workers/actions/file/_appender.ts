// A worker process of the append test: appends each line it is given until told that it is there.
import { readFileSync } from 'node:fs';
import { openWorkspace } from '../../workspace.ts';
import { appendOnce } from './_append.ts';

const [root = '', home = '', target = '', ...keys] = process.argv.slice(2);
const workspace = openWorkspace(root, [home]);
// Of very different lengths, so that kills fall into the middle of writes.
const lineOf = (key: string): string =>
  `${key}:${key.repeat(Number(key.slice(1)) % 3 === 0 ? 100_000 : 5)}\n`;

for (const key of keys) {
  workspace.atSync(target, 'write', (place) => appendOnce(place, home, key, Buffer.from(lineOf(key))), {
    createFolders: true,
  });
  process.stdout.write(`${key}\n`);
}
process.exitCode = readFileSync(`${root}/${target}`).length > 0 ? 0 : 1;
