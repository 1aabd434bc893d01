import { Webhook } from 'standardwebhooks';

/**
 * What signs and checks calls as Standard Webhooks say, for those who send and those who take them: with `whsec_` and
 * base64, or any other text as it is. Throws where what follows `whsec_` is not base64.
 */
export const standardWebhook = (secret: string): Webhook =>
  secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
