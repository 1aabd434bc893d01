import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { ProblemDocument } from '#shared/contract/common.ts';
import type { Problem } from '#shared/definition/problem.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { Json } from '#shared/json.ts';

/** HTTP status by error code; the first that the code begins with counts. Codes not listed are the caller's fault: 400. */
const STATUS: [prefix: string, status: number, title: string][] = [
  ['request.too_large', 413, 'Too large'],
  ['request.content_type', 415, 'Unsupported content type'],
  ['request.host', 421, 'Misdirected request'],
  ['request.origin', 403, 'Refused'],
  ['request.no_route', 404, 'Not found'],
  ['workflow.not_found', 404, 'Not found'],
  ['workflow.no_version', 404, 'Not found'],
  ['execution.not_found', 404, 'Not found'],
  ['secret.not_found', 404, 'Not found'],
  ['secret.exists', 409, 'Conflict'],
  ['secret.', 500, 'Internal error'],
  ['chat.not_found', 404, 'Not found'],
  ['chat.exists', 409, 'Conflict'],
  ['webhook.not_found', 404, 'Not found'],
  ['webhook.unauthorized', 401, 'Unauthorized'],
  ['webhook.bad_secret', 500, 'Internal error'],
  ['blob.missing', 404, 'Not found'],
  ['blob.corrupt', 500, 'Internal error'],
  ['workflow.exists', 409, 'Conflict'],
  ['workflow.stale_revision', 409, 'Conflict'],
  ['workflow.not_published', 409, 'Conflict'],
  ['execution.unknown_step', 422, 'Cannot run this part'],
  ['execution.inner_step', 422, 'Cannot run this part'],
  ['execution.missing_outputs', 422, 'Cannot run this part'],
  ['execution.', 409, 'Conflict'],
  ['step.', 409, 'Conflict'],
  ['message.', 409, 'Conflict'],
  ['workflow.too_costly', 422, 'Invalid definition'],
  ['workflow.reader_died', 503, 'Unavailable'],
  ['workflow.invalid', 422, 'Invalid definition'],
  ['variables.invalid', 422, 'Invalid variables'],
  ['retry.', 422, 'Cannot retry'],
  ['store.', 503, 'Unavailable'],
  ['temporal.', 503, 'Unavailable'],
  ['workers.', 503, 'Unavailable'],
];

/** A refused definition or input: one error that carries all problems found. */
export class Invalid extends AppError {
  readonly problems: Problem[];

  constructor(code: string, message: string, problems: Problem[]) {
    super(code, message, { fix: 'Mend the problems listed.' });
    this.problems = problems;
  }
}

/** Names the kind of error; docs/errors.md has a section for each. */
const urn = (code: string): string => `urn:acas-runner:error:${code}`;

/** HTTP status and title of an error code. */
function statusOf(code: string): { status: number; title: string } {
  const [, status, title] = STATUS.find(([prefix]) => code.startsWith(prefix)) ?? ['', 400, 'Bad request'];
  return { status, title };
}

/** Whether an error is none of the caller's, nor of a definition: asked again later, it may well be gone. */
export const isPassing = (thrown: unknown): boolean =>
  !AppError.is(thrown) || statusOf(thrown.code).status >= 500;

function documentOf(error: AppError): ProblemDocument {
  const { status, title } = statusOf(error.code);
  const problems = 'problems' in error ? (error.problems as Problem[]) : undefined;
  return {
    type: urn(error.code),
    status,
    code: error.code,
    title,
    detail: error.message,
    ...(error.fix !== undefined && { fix: error.fix }),
    ...(problems && { problems }),
    ...(error.details !== undefined && { details: error.details as Json }),
  };
}

const GRPC_AWAY = new Set([4, 14]);

/** Errors of Express and of the Temporal client, in our words. */
function known(thrown: unknown): AppError | undefined {
  if (AppError.is(thrown)) return thrown;
  const { type, status, cause, code, limit } = thrown as {
    type?: string;
    /** Of a body that is too large, in bytes. */
    limit?: number;
    status?: number;
    cause?: { code?: number };
    code?: number;
  };
  if (type === 'entity.too.large')
    return new AppError(
      'request.too_large',
      `The body is larger than ${Math.floor((limit ?? 0) / 2 ** 20)} MB.`,
      {
        fix: 'Send less; a definition has at most 1 MB.',
      },
    );
  if (GRPC_AWAY.has(cause?.code ?? code ?? -1))
    return new AppError('temporal.unavailable', 'Temporal does not answer.', {
      fix: 'Try again in a moment; GET /api/health tells how it is.',
    });
  if (typeof status === 'number' && status >= 400 && status < 500)
    return status === 415
      ? new AppError('request.content_type', `The body cannot be read: ${messageOf(thrown)}.`, {
          fix: 'Send it as UTF-8.',
        })
      : new AppError('request.malformed', `The request cannot be read: ${messageOf(thrown)}.`, {
          fix: 'Check how its path, headers and body are encoded.',
        });
  return undefined;
}

export function sendProblem(response: Response, error: AppError): void {
  const document = documentOf(error);
  response.status(document.status).type('application/problem+json').send(JSON.stringify(document));
}

/** Answers every error as a problem document; a bug of ours tells its id only, the log the rest. */
export const problemHandler =
  (log: Logger): ErrorRequestHandler =>
  (thrown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = known(thrown);
    if (error) return sendProblem(response, error);
    log.error({ err: thrown, method: request.method, path: request.path }, 'request failed');
    const document = {
      type: urn('internal'),
      status: 500,
      code: 'internal',
      title: 'Internal error',
      detail: 'The request failed by a fault of the runner.',
      fix: 'Look into the log of the api.',
    };
    response.status(500).type('application/problem+json').send(JSON.stringify(document));
  };
