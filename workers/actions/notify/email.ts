import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { isLoopback } from '#shared/node/config.ts';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import { isAllowed, type Mailbox, parseMailbox } from './_addresses.ts';
import { readAttachments } from './_attachments.ts';
import { errors, stableId } from './_deliver.ts';

const line = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\x00-\x1f\x7f\u2028\u2029]*$/, 'must be one line');

const address = line.min(3).max(500);

const addresses = z.union([address, z.array(address).max(100)]);

const input = z.strictObject({
  to: z.union([address, z.array(address).min(1).max(100)]).describe('Recipient, or a list of them'),
  cc: addresses.default([]).describe('Recipients of a copy'),
  bcc: addresses.default([]).describe('Recipients of a copy that the others do not see'),
  subject: line.min(1).max(500).describe('Subject'),
  text: z.string().max(1_000_000).optional().describe('The message as text'),
  html: z.string().max(1_000_000).optional().describe('The message as HTML; give the text too'),
  from: address.optional().describe('Sender; SMTP_FROM when absent'),
  replyTo: address.optional().describe('Where answers go'),
  attachments: z
    .array(
      z.strictObject({
        path: z.string().min(1).describe('File, relative to the workspace'),
        filename: line.min(1).max(200).optional().describe('Its name in the message'),
      }),
    )
    .max(20)
    .default([])
    .describe('Files to attach, 20 MB in all'),
});

type Input = z.infer<typeof input>;

interface Envelope {
  from: Mailbox;
  replyTo: Mailbox | undefined;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
}

/** The addresses of a message, all plain and all allowed. */
function envelopeOf(
  input: Input,
  { from, allow }: { from: string | undefined; allow: readonly string[] },
): Envelope {
  const sender = input.from ?? from;
  if (sender === undefined) throw errors.notConfigured('sender', 'SMTP_FROM, or give from,');
  const [to, cc, bcc] = [input.to, input.cc, input.bcc].map((list) => [list].flat().map(parseMailbox)) as [
    Mailbox[],
    Mailbox[],
    Mailbox[],
  ];
  for (const { address } of [...to, ...cc, ...bcc]) {
    if (isAllowed(address, allow)) continue;
    throw new Terminal('notify.recipient_refused', `Mail to ${address} is not allowed.`, {
      fix: `Add ${address} or its domain to ACAS_EMAIL_ALLOW and restart the worker.`,
    });
  }
  const replyTo = input.replyTo === undefined ? undefined : parseMailbox(input.replyTo);
  return { from: parseMailbox(sender), replyTo, to, cc, bcc };
}

interface MailFailure {
  code?: string;
  responseCode?: number;
  response?: string;
  message: string;
}

/** What an error of sending means for the step; `wasSent` says whether the message itself had been begun. */
function meaning(thrown: unknown, wasSent: boolean): Error {
  const { code = '', responseCode, response = '', message } = thrown as MailFailure;
  const who = 'The mail server';
  if (code === 'EAUTH' || code === 'ENOAUTH' || responseCode === 530 || responseCode === 535)
    return responseCode !== undefined && responseCode < 500
      ? errors.unavailable(who, `code ${responseCode}`)
      : errors.authentication(who, `code ${responseCode ?? code}`);
  if (code === 'ETLS' || code === 'EREQUIRETLS' || /certificate|self-signed|SSL|TLS|STARTTLS/i.test(message))
    return new Terminal('notify.no_tls', 'The connection to the mail server cannot be made secure.', {
      fix: 'Use smtps:// or a server with STARTTLS and a valid certificate; see SMTP_URL.',
      details: { code },
    });
  if (responseCode !== undefined && responseCode >= 500)
    return errors.refused(who, `code ${responseCode}`, {
      code: responseCode,
      response: response.slice(0, 500),
    });
  if (responseCode !== undefined && responseCode >= 400)
    return errors.unavailable(who, `code ${responseCode}`);
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return errors.refused(who, code, { code });
  return wasSent ? errors.unknown('the mail server', code) : errors.unavailable(who, code);
}

/** A logger that only watches for the command after which the message goes out. */
const watch = (sent: () => void) => {
  const take = (_facts: unknown, message: unknown): void => {
    if (message === 'DATA') sent();
  };
  const quiet = (): void => undefined;
  return { level: quiet, trace: quiet, debug: take, info: quiet, warn: quiet, error: quiet, fatal: quiet };
};

async function send(attempt: Attempt<Input>, url: string, envelope: Envelope) {
  const { input, signal, workspace, idempotencyKey } = attempt;
  const attachments = await readAttachments(workspace, input.attachments);
  const domain = envelope.from.address.split('@')[1] ?? 'localhost';
  let wasSent = false;
  const transport = createTransport({
    url,
    // What the URL says of it goes before.
    requireTLS: !isLoopback(new URL(url).hostname),
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 60_000,
    socketCloseTimeout: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
    debug: true,
    logger: watch(() => {
      wasSent = true;
    }),
  });
  try {
    return await transport.sendMail({
      ...envelope,
      subject: input.subject,
      text: input.text,
      html: input.html,
      attachments,
      messageId: `<${stableId(idempotencyKey)}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal,
    });
  } catch (thrown) {
    signal.throwIfAborted();
    throw meaning(thrown, wasSent);
  } finally {
    transport.close();
  }
}

export default defineAction({
  type: 'notify.email',
  title: 'Send an e-mail',
  description: 'Sends an e-mail by the mail server of SMTP_URL to recipients that ACAS_EMAIL_ALLOW lists.',
  icon: 'mail',
  input,
  output: z.object({
    messageId: z.string().describe('Its Message-ID; every attempt has the same'),
    accepted: z.array(z.string()).describe('Addresses that the server took'),
    rejected: z.array(z.string()).describe('Addresses that it did not take'),
  }),
  effect: 'write',
  idempotent: false,
  examples: [
    {
      title: 'Send a report',
      input: {
        to: ['Ann <ann@example.org>'],
        subject: 'Nightly report',
        text: 'It is attached.',
        attachments: [{ path: 'report.csv' }],
      },
      needsNetwork: true,
    },
  ],
  dryRun: ({ to, subject }) => `Send ${JSON.stringify(subject)} to ${[to].flat().join(', ')}.`,
  async run(attempt) {
    const { settings, input } = attempt;
    if (input.text === undefined && input.html === undefined)
      throw new Terminal('action.invalid_input', 'The message is empty.', {
        fix: 'Give text, html or both.',
      });
    const envelope = envelopeOf(input, settings.mail);
    const { url } = settings.mail;
    if (url === undefined) throw errors.notConfigured('mail server', 'SMTP_URL');
    const { messageId, accepted, rejected } = await send(attempt, url, envelope);
    const plain = (list: readonly (string | { address: string })[] = []) =>
      list.map((entry) => (typeof entry === 'string' ? entry : entry.address));
    return { messageId, accepted: plain(accepted), rejected: plain(rejected) };
  },
});
