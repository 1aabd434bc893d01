import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
};

/**
 * A log file that never takes more than about twice `limit` bytes (default 5 MB): when full it becomes
 * `<path>.1`, in place of the one before. A log that cannot be written is lost, and nothing else: `onTrouble`
 * hears of it once.
 */
export async function cappedLog(
  path: string,
  onTrouble: (error: Error) => void,
  limit = 5_000_000,
): Promise<Writable> {
  await mkdir(dirname(path), { recursive: true });
  let size = await sizeOf(path);
  let told = false;
  const trouble = (error: Error): void => {
    if (!told) onTrouble(error);
    told = true;
  };
  const open = (): WriteStream => createWriteStream(path, { flags: 'a', mode: 0o600 }).on('error', trouble);
  let file = open();
  const rotate = async (): Promise<void> => {
    await new Promise<void>((resolve) => file.end(resolve));
    await rename(path, `${path}.1`);
    file = open();
    size = 0;
  };
  return new Writable({
    async write(chunk: Buffer, _encoding, done) {
      try {
        if (size + chunk.length > limit) await rotate();
        size += chunk.length;
        file.write(chunk);
      } catch (thrown) {
        trouble(thrown as Error);
      }
      done();
    },
    final: (done) => void file.end(() => done()),
  });
}
