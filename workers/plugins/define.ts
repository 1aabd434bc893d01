import type { z } from 'zod';

/** A JSON Schema written out, where a module does without zod. */
export type WrittenSchema = { [key: string]: unknown };

/** What a command is given besides its arguments. */
export interface CommandContext {
  /** Aborts when the step is cancelled or times out. A command that goes on for 2 s then is ended with its process. */
  signal: AbortSignal;
  /** Shows progress in the run view: so many of so many, and a line of text. */
  progress(done: number, total?: number, message?: string): void;
  /** The same for every attempt of one step of one execution; empty where there is none. */
  idempotencyKey: string;
}

type ArgumentsOf<Input> = Input extends z.ZodType ? z.infer<Input> : Record<string, unknown>;

/** A command: what `plugin.execute` runs. */
export interface CommandDefinition<Input extends z.ZodType | WrittenSchema = z.ZodType | WrittenSchema> {
  title?: string;
  description: string;
  /** Its arguments, an object: a zod schema or JSON Schema. A list of arguments is read in the order of its keys. */
  input: Input;
  /** Of its result, where that is an object. */
  output?: z.ZodType | WrittenSchema;
  /** Whether it changes the world; `write` unless said. */
  effect?: 'read' | 'write';
  /**
   * Does it. A text is the answer as it stands; an object becomes `structured` in the output. Throw an Error to fail
   * the step with its message.
   */
  run(given: ArgumentsOf<Input>, context: CommandContext): unknown;
}

/** A command with a declared output. */
export interface ActionDefinition<Input extends z.ZodType | WrittenSchema = z.ZodType | WrittenSchema>
  extends CommandDefinition<Input> {
  title: string;
  output: z.ZodType | WrittenSchema;
}

/** What a trigger is given besides its config. */
export interface TriggerContext {
  /**
   * Tells of an event; its fields are what workflows see in `trigger`. Resolves once the run it starts cannot be lost
   * any more, and rejects where that failed: then tell of it again. The same `key` is the same event and starts one run
   * however often it is told of, also after the process was killed; without one, every call is an event of its own.
   */
  emit(fields: Record<string, unknown>, options?: { key?: string }): Promise<void>;
  /** Aborts when nobody listens any more. A start that goes on for 2 s then is ended with its process. */
  signal: AbortSignal;
}

/** An event the plugin can send, which starts workflows that have a trigger of type `plugin` for it. */
export interface TriggerDefinition<Config extends z.ZodType | WrittenSchema = z.ZodType | WrittenSchema> {
  title: string;
  description: string;
  /** What a workflow's trigger has to say, an object: a zod schema or JSON Schema. */
  config: Config;
  /** The fields of its events, with a sample of each. */
  sample?: Record<string, unknown>;
  /**
   * Begins to look out for events, for each workflow that listens, and again whenever the process was started anew.
   * What it returns, if it is a function, is called at the end. An error that is thrown is shown, and it is called again.
   */
  start(config: ArgumentsOf<Config>, context: TriggerContext): unknown;
}

/** A workflow to begin from. */
export interface TemplateDefinition {
  title: string;
  description: string;
  /** As in a workflow file. */
  definition: { [key: string]: unknown };
}

/** What a local module gives. All are by name; an action and a command may not have the same. */
export interface PluginDefinition {
  /** Commands that declare their output; run by `plugin.execute` like the others. */
  actions?: Record<string, ActionDefinition>;
  commands?: Record<string, CommandDefinition>;
  triggers?: Record<string, TriggerDefinition>;
  templates?: Record<string, TemplateDefinition>;
}

/** Declares a command; the type of its arguments follows from its schema where that is zod's. */
export const defineCommand = <Input extends z.ZodType | WrittenSchema>(
  command: CommandDefinition<Input>,
): CommandDefinition<Input> => command;

/** Declares an action; the type of its arguments follows from its schema where that is zod's. */
export const defineAction = <Input extends z.ZodType | WrittenSchema>(
  action: ActionDefinition<Input>,
): ActionDefinition<Input> => action;

/** Declares a trigger; the type of its config follows from its schema where that is zod's. */
export const defineTrigger = <Config extends z.ZodType | WrittenSchema>(
  trigger: TriggerDefinition<Config>,
): TriggerDefinition<Config> => trigger;

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Declares what a module gives; the module's default export.
 * @throws Error that names a part which cannot be, with what it must be.
 */
export function definePlugin(plugin: PluginDefinition): PluginDefinition {
  const { actions = {}, commands = {}, triggers = {}, templates = {} } = plugin;
  for (const name of [actions, commands, triggers, templates].flatMap(Object.keys))
    if (!NAME.test(name))
      throw new Error(`"${name}" is no name; it must be made of up to 64 letters, digits, - and _.`);
  for (const [name, { description, input, run }] of Object.entries({ ...actions, ...commands })) {
    if (name in actions && name in commands)
      throw new Error(`"${name}" is both an action and a command; rename one.`);
    if (typeof run !== 'function') throw new Error(`The command "${name}" has no run function.`);
    if (typeof description !== 'string') throw new Error(`The command "${name}" has no description.`);
    if (typeof input !== 'object' || input === null)
      throw new Error(`The command "${name}" has no input schema.`);
  }
  for (const [name, { start, config }] of Object.entries(triggers)) {
    if (typeof start !== 'function') throw new Error(`The trigger "${name}" has no start function.`);
    if (typeof config !== 'object' || config === null)
      throw new Error(`The trigger "${name}" has no config schema.`);
  }
  return plugin;
}
