import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '#shared/json.ts';
import { claude } from './ai/claude.ts';
import { gemini } from './ai/gemini.ts';
import { openai } from './ai/openai.ts';
import type { Answer, Dialect, Fault, Said, ScriptedTurn, Speech } from './ai/script.ts';

export type { Answer, Dialect, Fault, Said, ScriptedTurn } from './ai/script.ts';

/** One request in the ledger. */
export interface AiRequest extends Said {
  /** 1 for the first. */
  number: number;
  provider: Dialect;
  /** The API key, if one came. */
  key: string | undefined;
  /** The header `Idempotency-Key`: the same for each attempt at one question. */
  idempotencyKey: string | undefined;
  headers: IncomingMessage['headers'];
  path: string;
  body: JsonObject;
  /** How it ended; `left` where the client closed the connection before it had its answer. */
  state: 'open' | 'answered' | 'left';
}

export type Script = (request: AiRequest) => Answer | Promise<Answer>;

/** A server that speaks the formats of three AI providers, and says what a test tells it to say. */
export interface AiServer {
  url: string;
  port: number;
  /** What to configure as the base URL of a provider. */
  baseUrl(provider: Dialect): string;
  /** Everything that was asked, oldest first. */
  requests: AiRequest[];
  /** Queues answers; each serves one request. */
  say(...answers: Answer[]): void;
  /** Answers whatever the queue does not. Without one, a request too many is refused with status 400. */
  script(script: Script | undefined): void;
  /** Forgets queue, script and ledger. */
  reset(): void;
  close(): Promise<void>;
}

const SPEECH: Record<Dialect, Speech> = { claude, openai, gemini };

const FAULTS: Partial<Record<Fault, { status: number; words: string }>> = {
  rate_limit: { status: 429, words: 'Too many requests.' },
  server_error: { status: 500, words: 'Something broke.' },
  overloaded: { status: 529, words: 'Overloaded.' },
  wrong_key: { status: 401, words: 'That API key is not valid.' },
  no_quota: { status: 429, words: 'No credit is left.' },
  context_too_long: { status: 400, words: 'prompt is too long: 210000 tokens > 200000 maximum' },
  refused: { status: 400, words: 'tools: not like this.' },
};

const dialectOf = (path: string): Dialect | undefined => {
  if (path.endsWith('/messages')) return 'claude';
  if (path.endsWith('/chat/completions')) return 'openai';
  return /:(stream)?generateContent$/i.test(path) ? 'gemini' : undefined;
};

const keyOf = ({ headers }: IncomingMessage): string | undefined =>
  headers.authorization?.replace(/^Bearer /, '') ??
  (headers['x-api-key'] as string | undefined) ??
  (headers['x-goog-api-key'] as string | undefined);

async function bodyOf(incoming: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as JsonObject;
}

async function writeEvents(
  response: ServerResponse,
  events: string[],
  { writeSize, delay }: ScriptedTurn,
): Promise<void> {
  const bytes = Buffer.from(events.join(''));
  const writes = writeSize
    ? Array.from({ length: Math.ceil(bytes.length / writeSize) }, (_, index) =>
        bytes.subarray(index * writeSize, (index + 1) * writeSize),
      )
    : events.map((event) => Buffer.from(event));
  for (const write of writes) {
    if (response.destroyed) return;
    response.write(write);
    // Without a turn of the event loop, small writes leave in one packet.
    await sleep(delay ?? (writeSize ? 1 : 0));
  }
}

/** The first events of an answer, up to its first piece of text. */
function beginning(speech: Speech, model: string): string[] {
  const all = speech.events({ text: 'Once upon a time' }, model);
  return all.slice(0, all.findIndex((event) => event.includes('Once up')) + 1);
}

async function breakDown(
  fault: Fault,
  speech: Speech,
  { model }: AiRequest,
  response: ServerResponse,
): Promise<void> {
  const { socket } = response;
  if (fault === 'hang') return;
  if (fault === 'reset') return void socket?.resetAndDestroy();
  if (fault === 'malformed_body')
    return void response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<html>Not what you think</html>');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await writeEvents(response, beginning(speech, model), {});
  if (fault === 'malformed_stream') response.end(speech.malformed);
  if (fault === 'stream_error') response.end(speech.errorEvent('Overloaded.'));
  if (fault === 'early_end') response.end();
  if (fault === 'cut') socket?.destroy();
}

async function reply(answer: Answer, request: AiRequest, response: ServerResponse): Promise<void> {
  const speech = SPEECH[request.provider];
  const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
  if (typeof answer === 'object' && 'status' in answer)
    return json(answer.status, answer.body, answer.headers);
  if (typeof answer === 'object' && 'fault' in answer) {
    const known = FAULTS[answer.fault];
    if (!known) return breakDown(answer.fault, speech, request, response);
    const { status } = known;
    return json(status, speech.error(status, answer.fault, answer.words ?? known.words), answer.headers);
  }
  const turn = typeof answer === 'string' ? { text: answer } : answer;
  const isStream = request.body.stream === true || /:streamGenerateContent/.test(request.path);
  if (!isStream) return json(200, speech.whole(turn, request.model));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await writeEvents(response, speech.events(turn, request.model), turn);
  response.end();
}

/** Starts the server on a free port of 127.0.0.1; with `key`, it refuses every other key. */
export async function startAiServer({ key }: { key?: string } = {}): Promise<AiServer> {
  const requests: AiRequest[] = [];
  let queue: Answer[] = [];
  let script: Script | undefined;
  const answerTo = (request: AiRequest): Answer | Promise<Answer> => {
    if (key !== undefined && request.key !== key) return { fault: 'wrong_key' };
    const exhausted: Answer = { fault: 'refused', words: 'The test expects no further request.' };
    return queue.shift() ?? script?.(request) ?? exhausted;
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = incoming.url?.split('?')[0] ?? '/';
    const provider = dialectOf(path);
    if (!provider) return void response.writeHead(404).end(`No such path: ${path}`);
    const body = await bodyOf(incoming);
    const request: AiRequest = {
      ...SPEECH[provider].said(body, path),
      number: requests.length + 1,
      provider,
      key: keyOf(incoming),
      idempotencyKey: incoming.headers['idempotency-key'] as string | undefined,
      headers: incoming.headers,
      path,
      body,
      state: 'open',
    };
    requests.push(request);
    response.on('close', () => {
      request.state = response.writableFinished ? 'answered' : 'left';
    });
    await reply(await answerTo(request), request, response);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((thrown: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(thrown));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    baseUrl: (provider) => (provider === 'openai' ? `${url}/v1` : url),
    requests,
    say: (...answers) => void queue.push(...answers),
    script: (given) => {
      script = given;
    },
    reset: () => {
      queue = [];
      script = undefined;
      requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
