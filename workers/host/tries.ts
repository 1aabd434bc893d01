import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import { isObject, type Json } from '#shared/json.ts';
import { Terminal } from '../action.ts';

/** Thrown by an attempt that was interrupted because its worker shut down; it does not count as a try. */
export const INTERRUPTED = 'action.interrupted';

/** What is known of the attempts before this one. */
export interface History {
  /** Attempts that failed by the action's own doing. */
  tries: number;
  /** The attempt before this one ended without telling how far it got. */
  wasCutOff: boolean;
  /** What earlier attempts reported last. */
  progress: Json | undefined;
}

/** What the host sends in every heartbeat. */
export interface Heartbeat {
  tries: number;
  progress: Json;
}

const lastHeartbeat = (details: unknown): Partial<Heartbeat> =>
  isObject(details) ? (details as Partial<Heartbeat>) : {};

/**
 * What became of the attempts before this one. Temporal counts attempts whatever ended them; a person means the
 * action's own failures, so those are counted here. Costs one look-up, on retries only.
 */
export async function history({ info, client }: Pick<Context, 'info' | 'client'>): Promise<History> {
  const { tries = 0, progress } = lastHeartbeat(info.heartbeatDetails);
  const { workflowExecution: run, activityId } = info;
  if (info.attempt === 1 || !run) return { tries: 0, wasCutOff: false, progress: undefined };
  const { raw } = await client.workflow.getHandle(run.workflowId, run.runId).describe();
  const failure = raw.pendingActivities?.find((pending) => pending.activityId === activityId)?.lastFailure;
  const application = failure?.applicationFailureInfo;
  if (!application || application.type === INTERRUPTED) return { tries, wasCutOff: true, progress };
  const payload = application.details?.payloads?.[0];
  const facts = payload ? defaultPayloadConverter.fromPayload<Json>(payload) : null;
  return {
    tries: isObject(facts) && typeof facts.tries === 'number' ? facts.tries : tries + 1,
    wasCutOff: false,
    progress,
  };
}

/** Ends a step whose action may or may not have taken effect and must not run twice. */
export const outcomeUnknown = (type: string, cause?: unknown): Terminal =>
  new Terminal(
    'action.outcome_unknown',
    `"${type}" was cut off and must not run twice, so it is unknown whether it took effect.`,
    { fix: 'Check whether it took effect; then retry from this step, or go on after it.', cause },
  );
