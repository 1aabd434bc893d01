import type { LookupFunction } from 'node:net';
import type { z } from 'zod';
import type { RetryPolicy } from '#shared/definition/workflow.ts';
import { AppError, type ErrorFacts } from '#shared/errors.ts';
import type { Json } from '#shared/json.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import type { Config } from '#shared/node/config.ts';
import type { Plugins } from './plugins/plugins.ts';
import type { Workspace } from './workspace.ts';

/** An error that trying again cannot mend: the step fails at once. */
export class Terminal extends AppError {}

/** An error that trying again may mend, after `after` milliseconds or as the step's retry policy says. */
export class Retryable extends AppError {
  readonly after: number | undefined;

  constructor(code: string, message: string, facts: ErrorFacts & { after?: number } = {}) {
    super(code, message, facts);
    this.after = facts.after;
  }
}

/** Which addresses actions may connect to. */
export interface Network {
  /** `host:port` entries that may be reached although they are not public, or `*` for all. */
  allow: readonly string[];
  /** Ports of this machine that are the runner's own; refused whatever is allowed. */
  ownPorts?: readonly number[];
  /** How names become addresses; the system's way unless given. */
  lookup?: LookupFunction;
}

/** What the configuration says for particular groups of actions. */
export type Settings = Pick<Config, 'ai' | 'shell' | 'mail' | 'slack' | 'apiUrl'>;

/** What the worker's machine offers to actions. */
export interface Services {
  /** The folder that file, git and shell actions are confined to. */
  workspace: Workspace;
  /** The runner's data directory, for an action's own bookkeeping. */
  home: string;
  network: Network;
  /** The environment that programs started by actions get; see `childEnvironment`. */
  environment: Readonly<Record<string, string>>;
  settings: Settings;
  /** Where outputs too large to travel are kept. */
  blobs: Blobs;
  /** What the plugins of this worker offer, and the way to run it. */
  plugins: Plugins;
}

/** What an action is given to run one attempt. */
export interface Attempt<Input> extends Services {
  input: Input;
  /** Aborts on cancel, on timeout and when the worker shuts down; stop promptly and leave nothing behind. */
  signal: AbortSignal;
  /** The same for every attempt of this step of this execution, and for nothing else. */
  idempotencyKey: string;
  /** 1 for the first attempt. */
  attempt: number;
  /** What the last attempt reported before it ended; `undefined` on the first. */
  progress: Json | undefined;
  /** Shows progress in the run view; a retried attempt finds it in `progress`. */
  report(progress: Json): void;
}

/** One way to use an action: shown in the docs and the builder, and run by the tests. */
export interface Example {
  title: string;
  input: Json;
  /** What the output must contain. */
  output?: Json;
  /** Files the workspace holds before. */
  files?: Record<string, string>;
  /** The workspace is a git repository, with these files committed on the branch `main`. */
  repository?: true;
  /** Reaches a server that tests do not have, so that they only check its input. */
  needsNetwork?: boolean;
}

/** Says whether an action is idempotent with this input. */
export type IdempotentFor<Input> = { of(input: Input): boolean }['of'];

/** An action of the library: all that the runner, the builder, the docs and the tests need to know of it. */
export interface Action<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `<group>.<verb>`; the group is its folder. */
  type: string;
  title: string;
  description: string;
  /** A lucide icon name. */
  icon: string;
  input: Input;
  output: Output;
  /** Whether it changes the world. */
  effect: 'read' | 'write';
  /**
   * Whether running it twice has the effect of running it once; if not, a cut-off attempt is never repeated. A
   * function where that depends on the input; the catalogue then says no.
   */
  idempotent: boolean | IdempotentFor<z.infer<Input>>;
  /**
   * Names of input fields that hold code: a template in one is refused in definitions, for what came from outside
   * would be run.
   */
  literal?: readonly string[];
  /** Defaults of its steps; one attempt takes a minute and three are made unless said otherwise. */
  defaults?: { timeout?: number; retry?: Partial<RetryPolicy> };
  examples: Example[];
  /** What it would do with this input, in one sentence, without doing it. */
  dryRun?(input: z.infer<Input>): string;
  run(attempt: Attempt<z.infer<Input>>): Promise<z.infer<Output>>;
}

/** Declares an action; its types follow from its schemas. */
export const defineAction = <Input extends z.ZodType, Output extends z.ZodType>(
  action: Action<Input, Output>,
): Action<Input, Output> => action;
