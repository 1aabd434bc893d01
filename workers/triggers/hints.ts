import { relative, sep } from 'node:path';
import { type ChokidarOptions, type FSWatcher, watch } from 'chokidar';
import type { Logger } from 'pino';
import type { Selection } from './glob.ts';

/** Makes the watcher of a folder; chokidar's unless a test has one of its own. */
export type OpenWatcher = (folder: string, options: ChokidarOptions) => Pick<FSWatcher, 'on' | 'close'>;

export interface HintParts {
  root: string;
  selection: Selection;
  log: Logger;
  /** Something may have happened to this file. */
  hint(path: string): void;
  /** Anything may have happened: the watcher has only just begun to see. */
  ready(): void;
  /** The system gives no further watches; from now on only looking helps. */
  blind(): void;
  openWatcher?: OpenWatcher;
}

/** The system's limits on watches and open files. */
const LIMITS = ['ENOSPC', 'EMFILE', 'ENFILE'];

/**
 * Watches for hints of changes. They may be missing, late or about nothing: the ledger and the look at the file
 * decide. Resolves to what closes the watcher.
 */
export function openHints(parts: HintParts): () => Promise<void> {
  const { root, selection, log, hint, ready, blind, openWatcher = watch } = parts;
  const pathOf = (absolute: string): string => relative(root, absolute).split(sep).join('/');
  const watcher = openWatcher(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: (absolute, stats) => {
      const path = pathOf(absolute);
      return (
        path !== '' && !selection.matches(path) && (stats?.isFile() === true || !selection.mayHold(path))
      );
    },
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= watcher.close();
    return closed;
  };
  watcher.on('ready', ready);
  watcher.on('all', (_event, absolute) => {
    const path = pathOf(absolute);
    if (selection.matches(path)) hint(path);
  });
  watcher.on('error', (thrown) => {
    const code = String((thrown as NodeJS.ErrnoException).code);
    if (closed || !LIMITS.includes(code)) {
      if (!closed)
        log.warn({ err: thrown }, 'the file watcher reports an error; the rescan will find what it misses');
      return;
    }
    log.warn(
      { code },
      'no more files can be watched; looking at all of them every few seconds instead. Raise fs.inotify.max_user_watches, or narrow the glob.',
    );
    void close().catch((failure: unknown) => log.warn({ err: failure }, 'the file watcher did not close'));
    blind();
  });
  return close;
}
