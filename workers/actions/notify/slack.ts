import {
  type ChatPostMessageArguments,
  type FetchFunction,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { type Attempt, defineAction, type Network } from '../../action.ts';
import { exchange } from '../http/_exchange.ts';
import { errors, isUnsent, stableUuid } from './_deliver.ts';
import { escapeText, quietBlocks } from './_slack-text.ts';

const input = z.strictObject({
  channel: z.string().min(1).max(200).describe('Channel: its id, or its name with #'),
  message: z
    .string()
    .min(1)
    .max(40_000)
    .describe('Text; shown as it is, with Slack markup for bold and the like'),
  username: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Name it appears under, if the app may change that'),
  iconEmoji: z
    .string()
    .regex(/^:[^:\s]+:$/, 'must be such as :robot_face:')
    .optional()
    .describe('Emoji shown as its picture, such as :robot_face:'),
  blocks: z
    .array(z.record(z.string(), z.json()))
    .max(50)
    .optional()
    .describe('Block Kit blocks, shown instead of the text; the text is for notifications then'),
  threadTs: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be the ts of a message')
    .optional()
    .describe('ts of the message to reply to'),
  token: z.string().min(1).optional().describe('Bot token, from a secret; the one of the runner when absent'),
});

type Input = z.infer<typeof input>;

/** What is wrong with the token or what it may do. */
const CREDENTIALS =
  /^(invalid_auth|not_authed|account_inactive|token_\w+|missing_scope|no_permission|org_login_required|ekm_access_denied|not_allowed_token_type)$/;

const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as never,
  setName: () => undefined,
};

/** The operator's own address may be reached wherever it is. */
function networkFor(network: Network, apiUrl: string | undefined): Network {
  if (apiUrl === undefined) return network;
  const { hostname, port, protocol } = new URL(apiUrl);
  return {
    ...network,
    allow: [...network.allow, `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`],
  };
}

/** Slack's client sends by the runner's own guarded way. */
const guardedFetch =
  (network: Network, signal: AbortSignal): FetchFunction =>
  async (url, { method = 'POST', headers = {}, body } = {}) => {
    const ask = {
      method: method as Dispatcher.HttpMethod,
      url: new URL(url),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: typeof body === 'string' ? body : undefined,
    };
    const answer = await exchange(ask, { maxRedirects: 0, maxBytes: 1_000_000 }, network, signal);
    const text = answer.body.toString();
    return {
      ok: answer.status >= 200 && answer.status < 300,
      status: answer.status,
      statusText: '',
      url: answer.url,
      headers: {
        get: (name) => answer.headers[name.toLowerCase()] ?? null,
        entries: () => Object.entries(answer.headers),
      },
      arrayBuffer: async () => Uint8Array.from(answer.body).buffer,
      json: async () => JSON.parse(text) as unknown,
      text: async () => text,
    };
  };

function platformError(error: string): Error {
  // What is no JSON, its client gives as the name of an error.
  if (!/^\w{1,100}$/.test(error)) return errors.unknown('Slack', 'its answer cannot be read');
  if (error === 'ratelimited' || error === 'rate_limited') return errors.limited('Slack', undefined);
  if (error === 'service_unavailable' || error === 'request_timeout')
    return errors.unavailable('Slack', error);
  // Slack says of these that a part may have been done.
  if (error === 'internal_error' || error === 'fatal_error') return errors.unknown('Slack', error);
  if (CREDENTIALS.test(error)) return errors.authentication('Slack', error);
  return errors.refused('Slack', error, { error });
}

/** What an error of Slack's client means for the step. */
function meaning(thrown: unknown): unknown {
  if (thrown instanceof WebAPIPlatformError) return platformError(String(thrown.data.error));
  if (thrown instanceof WebAPIRateLimitedError) return errors.limited('Slack', thrown.retryAfter * 1000);
  if (thrown instanceof WebAPIHTTPError) {
    const why = `status ${thrown.statusCode}`;
    if (thrown.statusCode >= 500 || thrown.statusCode === 408) return errors.unavailable('Slack', why);
    return errors.refused('Slack', why, { status: thrown.statusCode });
  }
  if (thrown instanceof WebAPIRequestError) {
    const { original } = thrown;
    if (!AppError.is(original) || original.code !== 'http.network') return original;
    const { code = 'the connection broke' } = (original.cause ?? {}) as NodeJS.ErrnoException;
    return isUnsent(original) ? errors.unavailable('Slack', code) : errors.unknown('Slack', code);
  }
  const { message } = thrown as Error;
  if (/Retry header/.test(message)) return errors.limited('Slack', undefined);
  return errors.unknown('Slack', 'its answer cannot be read');
}

const messageOf = (input: Input, idempotencyKey: string): ChatPostMessageArguments =>
  ({
    channel: input.channel,
    text: escapeText(input.message),
    ...(input.blocks && { blocks: quietBlocks(input.blocks) }),
    ...(input.threadTs !== undefined && { thread_ts: input.threadTs }),
    ...(input.username !== undefined && { username: escapeText(input.username) }),
    ...(input.iconEmoji !== undefined && { icon_emoji: input.iconEmoji }),
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    // Shows in the message, so that one posted twice can be told from two.
    client_msg_id: stableUuid(idempotencyKey),
  }) as unknown as ChatPostMessageArguments;

async function post({ input, settings, network, signal, idempotencyKey }: Attempt<Input>) {
  const token = input.token ?? settings.slack.token;
  if (token === undefined) throw errors.notConfigured('token for Slack', 'SLACK_BOT_TOKEN, or give token,');
  const { apiUrl } = settings.slack;
  const client = new WebClient(token, {
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: QUIET,
    fetch: guardedFetch(networkFor(network, apiUrl), signal),
  });
  try {
    return await client.chat.postMessage(messageOf(input, idempotencyKey));
  } catch (thrown) {
    signal.throwIfAborted();
    throw AppError.is(thrown) ? thrown : meaning(thrown);
  }
}

export default defineAction({
  type: 'notify.slack',
  title: 'Post to Slack',
  description:
    'Posts a message to a Slack channel. Mentions in it notify nobody, and links are not unfolded.',
  icon: 'hash',
  input,
  output: z.object({
    channel: z.string().describe('Id of the channel'),
    ts: z.string().describe('Time stamp of the message, by which it is replied to'),
  }),
  effect: 'write',
  idempotent: false,
  examples: [
    {
      title: 'Tell a channel',
      input: {
        channel: '#builds',
        message: 'The build is *green*.',
        username: 'Runner',
        iconEmoji: ':robot_face:',
      },
      needsNetwork: true,
    },
  ],
  dryRun: ({ channel, message }) => `Post ${message.length} characters to ${channel} on Slack.`,
  async run(attempt) {
    const { channel, ts } = await post(attempt);
    if (channel === undefined || ts === undefined)
      throw errors.unknown('Slack', 'its answer names no message');
    return { channel, ts };
  },
});
