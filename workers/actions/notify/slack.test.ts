import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { readConfig } from '#shared/node/config.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type SlackServer, startSlackServer } from '../../../test/support/slack-server.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { escapeText, quietBlocks } from './_slack-text.ts';
import slack from './slack.ts';

const token = 'xoxb-canary-4410';

let server: SlackServer;
let bench: Bench;
beforeEach(async () => {
  server = await startSlackServer();
  bench = makeBench({ settings: readConfig({ SLACK_API_URL: server.url, SLACK_BOT_TOKEN: token }) });
});
afterEach(async () => {
  await server.close();
  bench.clear();
});

const post = (input: Record<string, Json> = {}, more = {}) =>
  bench.run(slack, { channel: '#builds', message: 'Hello', ...input }, more);

const failureOf = (work: Promise<unknown>): Promise<Record<string, unknown>> =>
  work.then(
    () => ({}),
    (thrown: Error) => ({ ...thrown, message: thrown.message, stack: thrown.stack }),
  );

describe('notify.slack', () => {
  it('posts with the token of the runner, quietly, and gives channel and ts', async () => {
    const done = await post({ username: 'Bot', iconEmoji: ':robot_face:', threadTs: '1.2' });
    expect(done).toEqual({ channel: 'C024BE91L', ts: '1503435956.000247' });
    expect(server.calls).toMatchObject([
      {
        method: 'chat.postMessage',
        authorization: `Bearer ${token}`,
        fields: {
          channel: '#builds',
          text: 'Hello',
          username: 'Bot',
          icon_emoji: ':robot_face:',
          thread_ts: '1.2',
          parse: 'none',
          link_names: 'false',
          unfurl_links: 'false',
          unfurl_media: 'false',
          client_msg_id: expect.stringMatching(
            /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
          ),
        },
      },
    ]);
    await post({ token: 'xoxb-other' });
    expect(server.calls[1]?.authorization).toBe('Bearer xoxb-other');
    expect(server.calls[1]?.fields.client_msg_id).toBe(server.calls[0]?.fields.client_msg_id);
  });

  it('escapes what would be a link or a mention', async () => {
    await post({ message: '<!channel> <@U1> <https://evil|good> @here a & b' });
    expect(server.calls[0]?.fields.text).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil|good&gt; @here a &amp; b',
    );
  });

  it('leaves no unescaped bracket in any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        const back = escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
        expect(back).toBe(text);
      }),
    );
  });

  it('keeps the markup of blocks, without mentions of many', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '<!here> <https://a|b> <! channel>' } }];
    await post({ blocks });
    expect(JSON.parse(server.calls[0]?.fields.blocks ?? '')).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: '&lt;!here> <https://a|b> &lt;! channel>' } },
    ]);
    for (const type of ['broadcast', 'usergroup'])
      expect(() => quietBlocks([{ elements: [{ type, range: 'channel' }] }])).toThrow(/notifies many/);
  });

  it.each([
    ['ratelimited', { code: 'notify.rate_limited', after: 7_000 }],
    ['ratelimited_without_time', { code: 'notify.rate_limited', after: undefined }],
    [{ error: 'ratelimited' }, { code: 'notify.rate_limited' }],
    [{ error: 'invalid_auth' }, { code: 'notify.authentication' }],
    [{ error: 'missing_scope' }, { code: 'notify.authentication' }],
    [{ error: 'channel_not_found' }, { code: 'notify.refused', details: { error: 'channel_not_found' } }],
    [{ error: 'service_unavailable' }, { code: 'notify.unavailable' }],
    [{ error: 'fatal_error' }, { code: 'action.outcome_unknown' }],
    ['server_error', { code: 'notify.unavailable' }],
    ['malformed', { code: 'action.outcome_unknown' }],
    ['empty', { code: 'action.outcome_unknown' }],
    ['cut', { code: 'action.outcome_unknown' }],
  ] as const)('on %j ends with %j, asks once, and does not show the token', async (behaviour, expected) => {
    server.behave(behaviour);
    const failure = await failureOf(post());
    expect(failure).toMatchObject(expected);
    expect(JSON.stringify(failure)).not.toContain(token);
    expect(server.calls).toHaveLength(1);
  });

  it('is tried again when nobody is there', async () => {
    await server.close();
    expect(await failureOf(post())).toMatchObject({ code: 'notify.unavailable' });
    server = await startSlackServer();
  });

  it('says what is missing', async () => {
    expect(await failureOf(post({}, { settings: readConfig({}) }))).toMatchObject({
      code: 'notify.not_configured',
    });
  });

  it('ends at once when it is cancelled, and closes the connection', async () => {
    server.behave('hang');
    const stop = new AbortController();
    const failure = failureOf(post({}, { signal: stop.signal }));
    await eventually(() => server.calls.length > 0, 'the call is there');
    stop.abort(new Error('cancelled'));
    expect(await failure).toMatchObject({ message: 'cancelled' });
    await eventually(() => server.open() === 0, 'the connection is closed');
  });
});
