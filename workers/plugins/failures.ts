import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { AppError, messageOf } from '#shared/errors.ts';
import { Retryable, Terminal } from '../action.ts';
import { MOST_OUTPUT, type PluginTransport } from './transport.ts';

/** Characters of a plugin's error output that an error quotes. */
const QUOTED = 500;

/** The plugin that something went wrong with, as it was when it did. */
export interface Failing {
  id: string;
  /** Whether it could still be spoken to. */
  isOpen: boolean;
  transport: PluginTransport | undefined;
}

/** The error of the kinds that actions throw, if there is one in a chain of causes. */
export function causeOf(thrown: unknown): AppError | undefined {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) if (AppError.is(cause)) return cause;
  return undefined;
}

const hasCode = (thrown: unknown, code: ErrorCode): boolean =>
  thrown instanceof McpError && thrown.code === code;

/** Whether the connection is what went wrong: a server that answers outside the protocol has forgotten the session. */
export const isLost = (thrown: unknown, { isOpen }: Failing): boolean =>
  !causeOf(thrown) &&
  (!isOpen || !(thrown instanceof McpError) || hasCode(thrown, ErrorCode.ConnectionClosed));

function quoted(transport: PluginTransport | undefined): string {
  const errors = transport?.errors.slice(-QUOTED);
  return errors ? ` It wrote: ${errors}` : '';
}

export function notStarted({ id, transport }: Failing, thrown: unknown): Retryable {
  const end = (hasCode(thrown, ErrorCode.ConnectionClosed) && transport?.end) || messageOf(thrown);
  return new Retryable(
    'plugin.not_started',
    `The plugin "${id}" does not start: ${end}.${quoted(transport)}`,
    {
      fix: 'Check its entry in plugins.yaml, and whether what it names runs by itself.',
      details: { pluginId: id },
      cause: thrown,
    },
  );
}

export function died({ id, transport }: Failing, thrown?: unknown): Retryable {
  const details = { pluginId: id };
  if (transport?.wroteTooMuch)
    return new Retryable(
      'plugin.output_too_large',
      `The plugin "${id}" was ended, for it wrote more than ${MOST_OUTPUT} bytes without an answer.`,
      { fix: 'Ask the command for less.', details },
    );
  const end = transport?.end ?? (thrown === undefined ? 'its connection is lost' : messageOf(thrown));
  return new Retryable('plugin.died', `The plugin "${id}" died: ${end}.${quoted(transport)}`, {
    fix: 'Look at what it wrote. Where the command may be run twice, let the step retry it.',
    details,
  });
}

export const commandFailed = (id: string, command: string, text: string): Terminal =>
  new Terminal(
    'plugin.command_failed',
    `"${command}" of the plugin "${id}" failed: ${text.slice(0, 3_000) || 'it did not say why'}`,
    {
      fix: 'Correct the arguments, or what the message names.',
      details: { pluginId: id, command },
    },
  );

/** What kept the plugin from answering; undefined where an error is its answer. */
const unanswered = (failing: Failing, thrown: unknown): AppError | undefined =>
  causeOf(thrown) ?? (isLost(thrown, failing) ? died(failing, thrown) : undefined);

/** What is thrown for a command that failed. */
export function callError(failing: Failing, command: string, thrown: unknown): AppError {
  const cause = unanswered(failing, thrown);
  if (cause) return cause;
  if (!hasCode(thrown, ErrorCode.InvalidParams)) return commandFailed(failing.id, command, messageOf(thrown));
  return new Terminal(
    'plugin.bad_arguments',
    `"${command}" of the plugin "${failing.id}": ${messageOf(thrown)}`,
    { fix: 'Correct the arguments; GET /api/plugins shows what the command takes.' },
  );
}

/** What is thrown for a trigger that cannot be listened to, or no longer. */
export function triggerError(failing: Failing, trigger: string, thrown: unknown): AppError {
  const cause = unanswered(failing, thrown);
  if (cause) return cause;
  const isConfig = hasCode(thrown, ErrorCode.InvalidParams);
  return new Terminal(
    isConfig ? 'plugin.trigger_config' : 'plugin.trigger_failed',
    `The trigger "${trigger}" of the plugin "${failing.id}": ${messageOf(thrown)}`,
    { fix: isConfig ? 'GET /api/plugins shows what it takes.' : 'Correct what the message names.' },
  );
}
