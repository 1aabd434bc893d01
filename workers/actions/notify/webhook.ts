import type { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { standardWebhook } from '#shared/node/standard-webhook.ts';
import { defineAction } from '../../action.ts';
import { deliver, errors, secretUrl, stableId } from './_deliver.ts';

/** Signs as the standard says: `whsec_` and base64, or any other text as it is. */
function signer(secret: string): Webhook {
  try {
    return standardWebhook(secret);
  } catch {
    throw errors.authentication('the signature', 'what follows whsec_ in the secret is not base64');
  }
}

const RESERVED = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-length', 'host'];

export default defineAction({
  type: 'notify.webhook',
  title: 'Call a webhook',
  description:
    'Posts JSON to a URL, signed as Standard Webhooks describe. Every attempt has the same webhook-id, by which the receiver knows a repeat.',
  icon: 'webhook',
  input: z.strictObject({
    url: z.string().min(1).max(4_000).describe('Where it goes; best from a secret'),
    body: z.json().describe('What to send, as JSON'),
    secret: z
      .string()
      .min(8)
      .optional()
      .describe('Secret to sign with: whsec_… or any text; unsigned when absent'),
    headers: z
      .record(
        z
          .string()
          .regex(/^[A-Za-z0-9-]+$/)
          .refine((name) => !RESERVED.includes(name.toLowerCase()), 'is set by the action'),
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
        z.string().regex(/^[^\x00-\x1f\x7f]*$/),
      )
      .default({})
      .describe('More headers'),
  }),
  output: z.object({
    id: z.string().describe('Its webhook-id'),
    status: z.number().describe('Status of the answer'),
  }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Tell another system',
      input: { url: 'https://example.org/hook', body: { build: 17, ok: true }, secret: 'a secret text' },
      needsNetwork: true,
    },
  ],
  dryRun: ({ secret }) => `Post JSON to a webhook, ${secret === undefined ? 'unsigned' : 'signed'}.`,
  async run(attempt) {
    const { input, idempotencyKey, network } = attempt;
    const url = secretUrl(input.url, network);
    const id = `msg_${stableId(idempotencyKey)}`;
    const [body, now] = [JSON.stringify(input.body), new Date()];
    const own = Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const headers: Record<string, string> = {
      ...Object.fromEntries(own),
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      ...(input.secret !== undefined && { 'webhook-signature': signer(input.secret).sign(id, now, body) }),
    };
    const { status } = await deliver({ who: 'The webhook', url, headers, body, repeatable: true }, attempt);
    return { id, status };
  },
});
