import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Webhook } from 'standardwebhooks';
import { AppError } from '#shared/errors.ts';
import type { SecretReader } from '#shared/node/secrets/secrets.ts';
import { standardWebhook } from '#shared/node/standard-webhook.ts';
import type { WebhookConfig } from '#shared/triggers/webhook.ts';

/** A call as it came: what is signed are these very bytes. */
export interface Delivery {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Proof = (delivery: Delivery, secret: string) => boolean;

const header = ({ headers }: Delivery, name: string): string => String(headers[name] ?? '');

/** In a time that does not tell how much of it is right. */
const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

function verifier(secret: string): Webhook {
  try {
    return standardWebhook(secret);
  } catch (cause) {
    throw new AppError(
      'webhook.bad_secret',
      'What follows whsec_ in the secret of the webhook is not base64.',
      {
        fix: 'Set the secret again, as the sender shows it.',
        cause,
      },
    );
  }
}

/** https://www.standardwebhooks.com: signs id, time and body; a time more than five minutes off is refused. */
const standard: Proof = ({ headers, body }, secret) => {
  const known = verifier(secret);
  try {
    known.verify(body, headers as Record<string, string>, { jsonParse: false });
    return true;
  } catch {
    // The library says no by throwing, and whatever it is thrown for, the call has not shown that it may.
    return false;
  }
};

/** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
const github: Proof = (delivery, secret) =>
  isSame(
    header(delivery, 'x-hub-signature-256'),
    `sha256=${createHmac('sha256', secret).update(delivery.body).digest('hex')}`,
  );

const token: Proof = (delivery, secret) =>
  isSame(header(delivery, 'authorization'), `Bearer ${secret}`) ||
  isSame(header(delivery, 'x-gitlab-token'), secret);

const PROOFS: Record<Exclude<WebhookConfig['auth'], 'none'>, Proof> = { standard, github, token };

/** Which header names a delivery: a call that is repeated has the same again. */
const ID_HEADERS = ['webhook-id', 'x-github-delivery', 'x-gitlab-event-uuid', 'idempotency-key'];

/** The name of a delivery; `undefined` where the caller gave it none. */
export const deliveryId = (delivery: Delivery): string | undefined =>
  ID_HEADERS.map((name) => header(delivery, name)).find((id) => id !== '');

/**
 * Lets a call pass that shows that it may: signed with, or carrying, the trigger's secret or its previous one.
 * @throws AppError `webhook.unauthorized`; `secret.*` where its secret cannot be read
 */
export async function authorise(
  { auth, secret, previousSecret }: WebhookConfig,
  delivery: Delivery,
  secrets: SecretReader,
): Promise<void> {
  if (auth === 'none') return;
  for (const name of [secret, previousSecret])
    if (name !== undefined && PROOFS[auth](delivery, await secrets.get(name))) return;
  throw new AppError('webhook.unauthorized', 'The call does not show that it may start this workflow.', {
    fix: `Sign it as the trigger's auth, ${auth}, says, with its secret, over the bytes as they are sent.`,
  });
}
