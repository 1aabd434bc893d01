import { z } from 'zod';
import { SECRET_NAME } from '../contract/secret.ts';
import type { TriggerType } from './trigger-type.ts';
import { whenSchema } from './when.ts';

/** How a caller shows that it may call. */
const webhookAuths = ['standard', 'github', 'token', 'none'] as const;

const secretName = z.string().regex(SECRET_NAME, 'A secret is named with letters, digits and _ only.');

/** Who may call a webhook, and which calls start a run. */
export const webhookConfig = z
  .strictObject({
    auth: z.enum(webhookAuths).default('standard').meta({
      description:
        'Signed as Standard Webhooks say, signed as GitHub does, a token in Authorization: Bearer, or open to all.',
    }),
    secret: secretName
      .optional()
      .meta({ description: 'Name of the secret that calls are signed with, or that is the token.' }),
    previousSecret: secretName
      .optional()
      .meta({ description: 'Name of a secret that is taken too, while senders change over to the new one.' }),
    when: whenSchema.optional(),
  })
  .refine(({ auth, secret }) => (auth === 'none') === (secret === undefined), {
    message:
      'A webhook names the secret that its calls are signed with; auth: none, and no secret, opens it to everybody.',
    path: ['secret'],
  });

export type WebhookConfig = z.infer<typeof webhookConfig>;

export const webhook: TriggerType = {
  type: 'webhook',
  title: 'Webhook',
  description: 'Another system posts to /hooks/{workflow}/{trigger}. The same delivery starts one run.',
  icon: 'webhook',
  config: webhookConfig,
  sample: { headers: { 'content-type': 'application/json' }, query: {}, body: { action: 'opened' } },
};
