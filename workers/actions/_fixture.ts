import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { fileBlobs } from '#shared/node/blobs/file-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import type { Action, Attempt } from '../action.ts';
import { childEnvironment } from '../host/child-environment.ts';
import { noPlugins } from '../plugins/plugins.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

/** A machine for actions to run on in a test: a workspace and a data directory in a folder of their own. */
export interface Bench {
  folder: string;
  /** Absolute path of the workspace. */
  root: string;
  home: string;
  workspace: Workspace;
  /** Puts a file into the workspace. */
  write(path: string, content: string): void;
  /** Runs one attempt, as the host does once the parameters are there. */
  run<Input extends z.ZodType, Output extends z.ZodType>(
    action: Action<Input, Output>,
    input: Json,
    more?: Partial<Attempt<unknown>>,
  ): Promise<z.infer<Output>>;
  clear(): void;
}

/** Makes a bench; `more` replaces what every attempt gets. */
export function makeBench(more: Partial<Attempt<unknown>> = {}): Bench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'acas-actions-')));
  const [root, home] = [join(folder, 'workspace'), join(folder, 'home')];
  for (const path of [root, home]) mkdirSync(path);
  const workspace = openWorkspace(root, [home]);
  const base: Attempt<unknown> = {
    input: null,
    workspace,
    home,
    network: { allow: [] },
    environment: childEnvironment(process.env),
    blobs: fileBlobs(join(home, 'blobs')),
    settings: { ...readConfig({}), shell: { allow: ['*'], scripts: true } },
    plugins: noPlugins,
    signal: new AbortController().signal,
    idempotencyKey: 'execution/step',
    attempt: 1,
    progress: undefined,
    report: () => undefined,
    ...more,
  };
  return {
    folder,
    root,
    home,
    workspace,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    run: async (action, input, over = {}) =>
      action.output.parse(await action.run({ ...base, ...over, input: action.input.parse(input) })),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}
