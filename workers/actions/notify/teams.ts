import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { deliver, secretUrl } from './_deliver.ts';

/** A card whose texts mention nobody: that would take entities besides, which are not sent. */
const card = (title: string | undefined, content: string) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          ...(title === undefined
            ? []
            : [{ type: 'TextBlock', text: title, weight: 'Bolder', size: 'Medium', wrap: true }]),
          { type: 'TextBlock', text: content, wrap: true },
        ],
      },
    },
  ],
});

export default defineAction({
  type: 'notify.teams',
  title: 'Post to Microsoft Teams',
  description:
    'Posts a card to a Teams channel by the URL of a workflow or an incoming webhook. It notifies nobody.',
  icon: 'message-square',
  input: z.strictObject({
    webhookUrl: z.string().min(1).max(4_000).describe("The channel's webhook, from a secret"),
    title: z.string().min(1).max(200).optional().describe('Heading'),
    content: z.string().min(1).max(20_000).describe('Message, in the markdown of cards'),
  }),
  output: z.object({ status: z.number().describe('Status of the answer') }),
  effect: 'write',
  idempotent: false,
  examples: [
    {
      title: 'Tell a channel',
      input: { webhookUrl: 'https://example.org/workflows/x', title: 'Build', content: 'It is **green**.' },
      needsNetwork: true,
    },
  ],
  dryRun: ({ content }) => `Post ${content.length} characters to Microsoft Teams.`,
  async run(attempt) {
    const { webhookUrl, title, content } = attempt.input;
    const url = secretUrl(webhookUrl, attempt.network);
    const { status } = await deliver(
      { who: 'Teams', url, body: JSON.stringify(card(title, content)) },
      attempt,
    );
    return { status };
  },
});
