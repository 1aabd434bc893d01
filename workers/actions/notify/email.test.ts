import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Json } from '#shared/json.ts';
import { readConfig } from '#shared/node/config.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { isAllowed, parseMailbox } from './_addresses.ts';
import email from './email.ts';

const PASSWORD = 'canary-password-61';

let bench: Bench;
let port: number;
let received: { mail: ParsedMail; raw: string; recipients: string[]; user: unknown }[];
let stopServer: () => Promise<void>;

const failure = (code: number): Error => Object.assign(new Error(`no, says ${code}`), { responseCode: code });

async function start(options: SMTPServerOptions = {}): Promise<void> {
  // It warns of its own certificate, which is what the test is about.
  const { error } = console;
  console.error = () => undefined;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) =>
      username === 'runner' && password === PASSWORD ? done(null, { user: username }) : done(failure(535)),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks);
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ mail: await simpleParser(raw), raw: raw.toString(), recipients, user: session.user });
        done();
      });
    },
    ...options,
  });
  console.error = error;
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.server.address() as { port: number }).port;
  stopServer = () => new Promise((done) => server.close(done));
}

/** A server that stops answering when a message has come, or before; gives its open connections. */
async function startRaw(
  onMessage: (socket: Socket) => void,
  greet = (socket: Socket): unknown => socket.write('220 hello\r\n'),
): Promise<Set<Socket>> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    greet(socket);
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      if (text.endsWith('\r\n.\r\n')) onMessage(socket);
      else if (/^(EHLO|MAIL|RCPT)/.test(text)) socket.write('250 ok\r\n');
      else if (text.startsWith('DATA')) socket.write('354 go on\r\n');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as { port: number }).port;
  stopServer = () => new Promise((done) => server.close(() => done()));
  return sockets;
}

beforeEach(() => {
  received = [];
  bench = makeBench();
  stopServer = async () => undefined;
});
afterEach(async () => {
  await stopServer();
  bench.clear();
});

const settings = (more: Record<string, string> = {}) => ({
  settings: readConfig({
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    SMTP_FROM: 'Runner <runner@example.org>',
    ACAS_EMAIL_ALLOW: '@example.org,bob@example.com',
    ...more,
  }),
});

const send = (input: Record<string, Json> = {}, more: object = settings()) =>
  bench.run(email, { to: 'ann@example.org', subject: 'Hello', text: 'Body', ...input }, more);

const failureOf = (work: Promise<unknown>): Promise<Record<string, unknown>> =>
  work.then(
    () => ({}),
    (thrown: Error) => ({ ...thrown, message: thrown.message }),
  );

const texts = (addresses: AddressObject | AddressObject[] | undefined): string[] =>
  [addresses ?? []].flat().map(({ text }) => text);

describe('notify.email', () => {
  it('sends text, HTML and files to all recipients', async () => {
    await start();
    bench.write('out/report.csv', 'a,b\n');
    const done = await send({
      to: ['Ann Ä <ann@example.org>', 'cy@example.org'],
      cc: 'bob@example.com',
      bcc: ['hidden@example.org'],
      subject: 'Größe & more',
      html: '<b>Body</b>',
      replyTo: 'answers@elsewhere.example',
      attachments: [{ path: 'out/report.csv', filename: 'r é.csv' }, { path: 'out/report.csv' }],
    });
    const [{ mail, recipients, raw } = { mail: {} as ParsedMail, recipients: [], raw: '' }] = received;
    expect(recipients).toEqual([
      'ann@example.org',
      'cy@example.org',
      'bob@example.com',
      'hidden@example.org',
    ]);
    expect(done).toEqual({ messageId: mail.messageId, accepted: recipients, rejected: [] });
    expect(mail).toMatchObject({ subject: 'Größe & more', text: 'Body', html: '<b>Body</b>' });
    expect(texts(mail.from)).toEqual(['"Runner" <runner@example.org>']);
    expect(texts(mail.replyTo)).toEqual(['answers@elsewhere.example']);
    expect(raw).not.toContain('hidden@');
    expect(mail.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
      ['r é.csv', 'a,b\n'],
      ['report.csv', 'a,b\n'],
    ]);
  });

  it('has the same Message-ID for each attempt of a step, and another for another', async () => {
    await start();
    const first = await send();
    const again = await send({}, { ...settings(), attempt: 2 });
    const other = await send({}, { ...settings(), idempotencyKey: 'e/other' });
    expect(first.messageId).toMatch(/^<[0-9a-f]{32}@example\.org>$/);
    expect(again.messageId).toBe(first.messageId);
    expect(other.messageId).not.toBe(first.messageId);
  });

  it('signs in with what the URL says, and does not show it when that is wrong', async () => {
    await start({ authOptional: false });
    const url = (password: string) => ({ SMTP_URL: `smtp://runner:${password}@127.0.0.1:${port}` });
    await send({}, settings(url(PASSWORD)));
    expect(received[0]?.user).toBe('runner');
    const wrong = await failureOf(send({}, settings(url('canary-wrong-52'))));
    expect(wrong.code).toBe('notify.authentication');
    expect(JSON.stringify(wrong)).not.toContain('canary');
    expect((await failureOf(send())).code).toBe('notify.authentication');
  });

  it('makes the connection secure, or does not send', async () => {
    await start();
    const plain = settings({ SMTP_URL: `smtp://127.0.0.1:${port}?requireTLS=true` });
    expect((await failureOf(send({}, plain))).code).toBe('notify.no_tls');
    await stopServer();
    // The server's own certificate is signed by nobody.
    await start({ disabledCommands: [] });
    const unknown = settings({ SMTP_URL: `smtp://127.0.0.1:${port}?requireTLS=true` });
    expect((await failureOf(send({}, unknown))).code).toBe('notify.no_tls');
    expect(received).toEqual([]);
    const trusted = settings({
      SMTP_URL: `smtp://127.0.0.1:${port}?requireTLS=true&tls.rejectUnauthorized=false`,
    });
    await send({}, trusted);
    expect(received).toHaveLength(1);
  });

  it.each([
    ['MAIL', 450, 'notify.unavailable'],
    ['MAIL', 550, 'notify.refused'],
    ['RCPT', 451, 'notify.unavailable'],
    ['RCPT', 550, 'notify.refused'],
    ['DATA', 452, 'notify.unavailable'],
    ['DATA', 554, 'notify.refused'],
  ])('when %s is answered with %i ends with %s', async (command, code, expected) => {
    await start({
      ...(command === 'MAIL' && { onMailFrom: (_address, _session, done) => done(failure(code)) }),
      ...(command === 'RCPT' && { onRcptTo: (_address, _session, done) => done(failure(code)) }),
      ...(command === 'DATA' && {
        onData: (stream, _session, done) => {
          stream.resume().on('end', () => done(failure(code)));
        },
      }),
    });
    expect((await failureOf(send())).code).toBe(expected);
  });

  it('tells which recipients the server did not take', async () => {
    await start({
      onRcptTo: ({ address }, _session, done) => (address.startsWith('no') ? done(failure(550)) : done()),
    });
    expect(await send({ to: ['ann@example.org', 'no@example.org'] })).toMatchObject({
      accepted: ['ann@example.org'],
      rejected: ['no@example.org'],
    });
  });

  it('does not send again when the connection breaks after the message', async () => {
    await startRaw((socket) => socket.destroy());
    expect((await failureOf(send())).code).toBe('action.outcome_unknown');
    await stopServer();
    expect((await failureOf(send())).code).toBe('notify.unavailable');
  });

  it('says what is missing', async () => {
    expect((await failureOf(send({}, { settings: readConfig({ ACAS_EMAIL_ALLOW: '*' }) }))).code).toBe(
      'notify.not_configured',
    );
    const noServer = readConfig({ ACAS_EMAIL_ALLOW: '*', SMTP_FROM: 'a@example.org' });
    expect((await failureOf(send({}, { settings: noServer }))).code).toBe('notify.not_configured');
    await start();
    const { text: _text, ...rest } = { to: 'ann@example.org', subject: 'x', text: '' };
    expect((await failureOf(bench.run(email, rest, settings()))).code).toBe('action.invalid_input');
  });
});

describe('the headers of an e-mail', () => {
  it.each(['to', 'cc', 'bcc', 'from', 'replyTo', 'subject'])('%s takes no line breaks', async (field) => {
    for (const end of ['\r\n', '\n', '\r', '\0', '\u2028']) {
      const value = `ann@example.org${end}Bcc: eve@evil.example`;
      const input = { to: 'ann@example.org', subject: 'x', text: 'x', [field]: value };
      expect(email.input.safeParse(input).success).toBe(false);
      expect(email.input.safeParse({ ...input, [field]: [value] }).success).toBe(false);
    }
    const filename = 'a\r\nX: y';
    const attachments = [{ path: 'a', filename }];
    expect(email.input.safeParse({ to: 'a@b', subject: 'x', attachments }).success).toBe(false);
  });

  it.each([
    'Group: ann@example.org, eve@evil.example;',
    'undisclosed-recipients:;',
    '"ann@example.org"@evil.example',
    '"quoted" <ann@example.org>',
    '"a b"@example.org',
    'ann@example.org (comment)',
    'ann(comment)@example.org',
    'ann@example.org, eve@evil.example',
    'ann@example.org eve@evil.example',
    '<ann@example.org> <eve@evil.example>',
    'eve@evil.example <ann@example.org>',
    'ann@example.org <eve@evil.example>',
    '@evil.example:ann@example.org',
    'ann@evil.example@example.org',
    'ann@example.org;eve@evil.example',
    'ann@[127.0.0.1]',
    'ann@exämple.org',
    'ann@',
    'ann',
    '-x@example.org>',
    'ann@example.org>',
    '=?utf-8?q?eve=40evil.example=2C?= ann@example.org',
  ])('%j is no recipient', async (to) => {
    await start();
    expect((await failureOf(send({ to }))).code).toBe('notify.bad_address');
    expect((await failureOf(send({ cc: [to] }))).code).toBe('notify.bad_address');
    expect(received).toEqual([]);
  });

  it('gives mail only to those who are allowed, whichever list names them', async () => {
    await start();
    const outsiders: Record<string, Json>[] = [
      { to: 'eve@evil.example' },
      { cc: 'eve@evil.example' },
      { bcc: ['ann@example.org', 'x@example.com'] },
      { to: 'ann@sub.example.org' },
      { to: 'ann@notexample.org' },
      { to: 'ann@example.org.evil.example' },
    ];
    for (const input of outsiders)
      expect((await failureOf(send(input))).code).toBe('notify.recipient_refused');
    expect(received).toEqual([]);
    await send({ to: ['ANN@Example.ORG', 'Bob <bob@example.com>'] });
    expect((await failureOf(send({}, settings({ ACAS_EMAIL_ALLOW: '' })))).code).toBe(
      'notify.recipient_refused',
    );
    expect(isAllowed('anyone@anywhere.example', ['*'])).toBe(true);
    expect(parseMailbox('  Ann Lee   <ann@example.org> ')).toEqual({
      name: 'Ann Lee',
      address: 'ann@example.org',
    });
  });
});

describe('the attachments of an e-mail', () => {
  it('come from the workspace only, whatever the message says', async () => {
    await start();
    writeFileSync(join(bench.folder, 'outside'), 'canary');
    symlinkSync(join(bench.folder, 'outside'), join(bench.root, 'link'));
    const attach = async (path: string) => (await failureOf(send({ attachments: [{ path }] }))).code;
    expect(await attach('../outside')).toBe('file.outside_workspace');
    expect(await attach('/etc/passwd')).toBe('file.outside_workspace');
    expect(await attach('link')).toBe('file.outside_workspace');
    expect(await attach('http://127.0.0.1/x')).toBe('ENOENT');
    expect(await attach('.')).toBe('file.is_folder');
    for (const extra of [
      { href: 'http://127.0.0.1' },
      { raw: 'x' },
      { content: 'x' },
      { path: { path: 'x' } },
    ])
      expect(
        email.input.safeParse({ to: 'a@b', subject: 'x', text: 'x', attachments: [{ path: 'a', ...extra }] })
          .success,
      ).toBe(false);
    for (const extra of [
      { raw: 'x' },
      { text: { path: '/etc/passwd' } },
      { html: { href: 'http://x' } },
      { envelope: {} },
    ])
      expect(email.input.safeParse({ to: 'a@b', subject: 'x', text: 'x', ...extra }).success).toBe(false);
    expect(received).toEqual([]);
  });

  it('have a limit together', async () => {
    await start();
    writeFileSync(join(bench.root, 'big'), Buffer.alloc(11_000_000));
    const attachments = [{ path: 'big' }, { path: 'big' }];
    expect((await failureOf(send({ attachments }))).code).toBe('notify.too_large');
  });
});

describe('an e-mail that is cancelled', () => {
  it.each(['before the greeting', 'after the message'])(
    '%s closes its connection at once',
    async (moment) => {
      let began = false;
      const sockets = await startRaw(
        () => {
          began = true;
        },
        (socket) => {
          if (moment === 'after the message') socket.write('220 hello\r\n');
          else began = true;
        },
      );
      const stop = new AbortController();
      const ended = failureOf(send({}, { ...settings(), signal: stop.signal }));
      await eventually(() => began, 'it is at work');
      stop.abort(new Error('cancelled'));
      expect((await ended).message).toBe('cancelled');
      await eventually(() => sockets.size === 0, 'the connection is closed');
    },
  );
});
