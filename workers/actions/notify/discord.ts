import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { deliver, secretUrl } from './_deliver.ts';

const answer = z.object({ id: z.string().optional(), channel_id: z.string().optional() }).catch({});

const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    // It took the message; what else it says is not needed.
    return {};
  }
};

export default defineAction({
  type: 'notify.discord',
  title: 'Post to Discord',
  description: 'Posts a message to a Discord channel by its webhook. Mentions in it notify nobody.',
  icon: 'message-circle',
  input: z.strictObject({
    webhookUrl: z.string().min(1).max(2_000).describe("The channel's webhook, from a secret"),
    content: z.string().min(1).max(2_000).describe('Message, in Discord markdown'),
    username: z.string().min(1).max(80).optional().describe('Name it appears under'),
  }),
  output: z.object({
    id: z.string().nullable().describe('Id of the message'),
    channel: z.string().nullable().describe('Id of the channel'),
  }),
  effect: 'write',
  idempotent: false,
  examples: [
    {
      title: 'Tell a channel',
      input: { webhookUrl: 'https://discord.com/api/webhooks/1/token', content: 'The build is **green**.' },
      needsNetwork: true,
    },
  ],
  dryRun: ({ content }) => `Post ${content.length} characters to Discord.`,
  async run(attempt) {
    const { webhookUrl, content, username } = attempt.input;
    const url = secretUrl(webhookUrl, attempt.network);
    // Only then does it answer with the message.
    url.searchParams.set('wait', 'true');
    const body = JSON.stringify({ content, username, allowed_mentions: { parse: [] } });
    const { body: said } = await deliver({ who: 'Discord', url, body }, attempt);
    const { id = null, channel_id: channel = null } = answer.parse(jsonOf(said));
    return { id, channel };
  },
});
