import { randomUUID } from 'node:crypto';
import { minimatch } from 'minimatch';
import type { EventOutcome } from '#shared/contract/event.ts';
import { AppError } from '#shared/errors.ts';
import { DEEPEST } from '#shared/execution/protocol.ts';
import type { JsonObject } from '#shared/json.ts';
import { activityConfig } from '#shared/triggers/activity.ts';
import { escalationConfig } from '#shared/triggers/escalation.ts';
import { holds } from '#shared/triggers/when.ts';
import type { Deps } from '../deps.ts';
import { refuseReserved } from '../executions/start.ts';
import type { Handlers } from '../http/mount.ts';
import { isPassing } from '../http/problems.ts';
import type { EventKind, EventRecord } from '../store/events.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { triggersOn } from '../triggers/wanted.ts';
import { fire } from './fire.ts';

type EventRoutes = 'sendActivity' | 'raiseEscalation' | 'listEvents';

/** Whether an event is one that a trigger of its kind is set for. */
const MEETS: Record<EventKind, (config: JsonObject, event: JsonObject) => boolean> = {
  activity(config, event) {
    const { event: pattern, when } = activityConfig.parse(config);
    return minimatch(String(event.event), pattern, { dot: true }) && holds(when, event);
  },
  escalation(config, event) {
    const { severities, when } = escalationConfig.parse(config);
    return (severities?.some((severity) => severity === event.severity) ?? true) && holds(when, event);
  },
};

/** Starts the run of one trigger. A flaw of its workflow is told in the outcome, and keeps none of the others. */
async function start(
  deps: Deps,
  trigger: TriggerRecord,
  { id, kind, event, key }: EventRecord,
  outcome: EventOutcome,
): Promise<void> {
  const { workflowId, triggerId } = trigger;
  const seen = { ...event, eventId: id };
  try {
    if (!MEETS[kind](trigger.config, seen)) return;
    const executionId = await fire(deps, trigger, seen, `event ${key}`);
    outcome.executions.push({ workflowId, triggerId, executionId });
  } catch (thrown) {
    if (isPassing(thrown)) throw thrown;
    const { code, message } = thrown as AppError;
    outcome.failed.push({ workflowId, triggerId, code, message });
  }
}

/** Starts every run that an event starts. Done again, it starts none again. */
async function spread(deps: Deps, record: EventRecord): Promise<EventOutcome> {
  if (record.outcome) return record.outcome as unknown as EventOutcome;
  const outcome: EventOutcome = { executions: [], failed: [] };
  for (const trigger of await triggersOn(deps, record.kind)) await start(deps, trigger, record, outcome);
  await deps.store.events.settle(record.id, outcome as unknown as JsonObject);
  return outcome;
}

/** An event as it was sent: what is kept of it, and its key. */
type Sent = JsonObject & { idempotencyKey?: string; depth?: number };

/**
 * Keeps an event and starts what it starts; answers once Temporal has every run. The same key is one event.
 * @throws AppError `workflow.too_deep`, `request.reserved_key`, `temporal.*`
 */
async function take(deps: Deps, kind: EventKind, { idempotencyKey, ...event }: Sent) {
  if ((event.depth ?? 0) > DEEPEST)
    throw new AppError('workflow.too_deep', `More than ${DEEPEST} workflows have started each other.`, {
      fix: 'Look for a workflow that tells the event by which it is started.',
    });
  refuseReserved(event, 'body');
  const record = await deps.store.events.keep({
    kind,
    event,
    key: `${kind} ${idempotencyKey ?? randomUUID()}`,
  });
  return { id: record.id, ...(await spread(deps, record)) };
}

const viewOf = ({ id, kind, event, outcome, createdAt }: EventRecord) => ({
  id,
  kind,
  event,
  outcome: outcome as EventOutcome | null,
  createdAt,
});

/** Takes what happens elsewhere, and lists it. */
export const eventHandlers = (deps: Deps): Pick<Handlers, EventRoutes> => ({
  sendActivity: ({ body }) => take(deps, 'activity', body as Sent),
  raiseEscalation: ({ body }) => take(deps, 'escalation', body as Sent),
  async listEvents({ query }) {
    const { items, nextCursor } = await deps.store.events.list(query);
    return { items: items.map(viewOf), nextCursor };
  },
});
