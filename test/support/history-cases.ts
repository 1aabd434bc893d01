import type { WorkflowHandle } from '@temporalio/client';
import { loadText } from '#shared/definition/load.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { Run, UpdateName, UpdateRequest } from '#shared/execution/protocol.ts';
import type { State } from '#shared/machine/state.ts';
import type { Answer } from './ai-server.ts';
import { eventually } from './eventually.ts';
import type { Runner } from './runner.ts';

/** One run worth keeping the history of. */
export interface HistoryCase {
  name: string;
  /** What the model of its agent says. */
  says?: Answer[];
  run: Omit<Run, 'facts' | 'workflowVersion' | 'trigger' | 'variables'> & Partial<Run>;
  /** What people do while it runs. */
  people?(handle: WorkflowHandle, runner: Runner): Promise<void>;
}

function workflow(text: string): Workflow {
  const { workflow: loaded, problems } = loadText(text);
  if (!loaded || problems.length > 0) throw new Error(JSON.stringify(problems));
  return loaded;
}

const act = (id: string, parameters: string, rest = ''): string =>
  `{ id: ${id}, type: action, action: { type: test.act, parameters: ${parameters} }${rest && `, ${rest}`} }`;

const UNDO = (output: string): string =>
  `errorHandling: { undo: { action: { type: test.act, parameters: { output: ${output} } } } }`;

const state = (handle: WorkflowHandle): Promise<State | null> => handle.query<State | null>('state');

/** Waits until a step has got so far. */
const reaches = (handle: WorkflowHandle, path: string, status: string) =>
  eventually(
    async () => ((await state(handle))?.steps[path]?.status === status ? true : undefined),
    `${path} is ${status}`,
  );

const ask = (handle: WorkflowHandle, name: UpdateName, request: UpdateRequest = {}) =>
  handle.executeUpdate(name, { args: [request] });

const EVERY_TYPE = workflow(`
name: Every type
variables: [{ name: city, type: string, default: Ulm }]
steps:
  - ${act('read', '{ output: { n: 3 }, flaky: 1 }')}
  - { id: large, type: condition, config: { expression: steps.read.output.n > 2 } }
  - id: each
    type: loop
    config:
      items: "{{ range(0, steps.read.output.n) }}"
      concurrency: 2
      steps:
        - ${act('work', '{ output: "{{ item * 2 }}" }')}
        - { id: note, type: set, config: { values: { was: "{{ steps.work.output }}", at: "{{ index }}" } } }
  - { id: wait, type: delay, config: { for: 20ms } }
  - id: fan
    type: parallel
    config:
      branches:
        - { id: left, steps: [${act('l', '{ output: l }')}] }
        - { id: right, steps: [${act('r', '{ output: r }')}] }
  - { id: last, type: set, config: { values: { all: "{{ steps.each.output.items }}", fan: "{{ steps.fan.output }}", city: "{{ variables.city }}" } } }
finally:
  - ${act('tidy', '{ output: "{{ execution.status }}" }')}
output: "{{ steps.last.output }}"
`);

const PAUSED = workflow(`
name: Paused and resumed
steps:
  - ${act('one', '{ takes: 150 }')}
  - ${act('two', '{ takes: 150 }')}
  - { id: wait, type: delay, config: { for: 1500ms } }
  - ${act('three', '{ output: done }')}
output: "{{ steps.three.output }}"
`);

const CANCELLED = workflow(`
name: Cancelled
steps:
  - ${act('one', '{ output: 1 }', UNDO('"{{ steps.one.output + 1 }}"'))}
  - ${act('two', '{ output: 2 }', UNDO('"{{ steps.one.status }}"'))}
  - ${act('long', '{ takes: 60000 }')}
  - ${act('never', '{}')}
finally:
  - ${act('tidy', '{ output: "{{ execution.status }}" }')}
`);

const CONTINUED = workflow(`
name: Continued
steps:
  - id: each
    type: loop
    config: { times: 12, steps: [${act('work', '{ output: "{{ index }}" }')}] }
output: "{{ sum(steps.each.output.items) }}"
`);

const RETRIED = workflow(`
name: Retried and handled
steps:
  - ${act('flaky', '{ output: third, flaky: 2 }', 'retryPolicy: { maximumAttempts: 3 }')}
  - ${act('stand_in', '{ fail: test.bad }', 'errorHandling: { strategy: fallback, value: { code: "{{ error.code }}" } }')}
  - ${act('given_up', '{ flaky: 9 }', 'retryPolicy: { maximumAttempts: 2 }, errorHandling: { strategy: continue }')}
  - { id: told, type: set, config: { values: { a: "{{ steps.stand_in.output.code }}", b: "{{ steps.given_up.status }}" } } }
output: "{{ steps.told.output }}"
`);

const RESCUED = workflow(`
name: Rescued by people
steps:
  - ${act('completed', '{ fail: test.bad }', 'errorHandling: { strategy: park }')}
  - ${act('skipped', '{ fail: test.bad }', 'errorHandling: { strategy: park }')}
  - ${act('retried', '{ flaky: 1 }', 'retryPolicy: { maximumAttempts: 1 }, errorHandling: { strategy: park }')}
  - { id: told, type: set, config: { values: { a: "{{ steps.completed.output }}" } } }
output: "{{ steps.told.output }}"
`);

const FAILED = workflow(`
name: Failed
steps:
  - id: fan
    type: parallel
    config:
      branches:
        - { id: bad, steps: [${act('b', '{ fail: test.bad, takes: 100 }')}] }
        - { id: good, steps: [${act('g', '{ output: made }', UNDO('unmade'))}, ${act('slow', '{ takes: 60000 }')}] }
finally:
  - ${act('tidy', '{ output: "{{ execution.error.code }}" }')}
`);

const TIMED_OUT = workflow(`
name: Timed out
settings: { timeout: 2500ms }
steps:
  - id: short
    type: loop
    config: { times: 1, steps: [{ id: nap, type: delay, config: { for: 1h } }] }
    timeout: 500ms
    errorHandling: { strategy: continue }
  - ${act('made', '{ output: 1 }', UNDO('2'))}
  - { id: long, type: delay, config: { for: 1h } }
`);

const COMPUTING = workflow(`
name: Computing for long
steps:
  - id: each
    type: loop
    config: { times: 1100, maxIterations: 2000, steps: [{ id: n, type: set, config: { values: { n: "{{ index }}" } } }] }
output: "{{ sum(steps.each.output.items.map(one => one.n)) }}"
`);

const AGENT = workflow(`
name: Agent
steps:
  - { id: sign_off, type: approval, config: { message: Go? } }
  - id: agent
    type: ai_flow
    config:
      goal: Look, then act.
      provider: claude
      tools:
        - { action: test.act, name: look }
        - { action: test.act, name: act, approval: true }
`);

const AWAITED = workflow(`
name: Awaited while others work
steps:
  - id: fan
    type: parallel
    config:
      branches:
        - { id: asks, steps: [{ id: sign_off, type: approval, config: { message: Go? } }] }
        - { id: parks, steps: [${act('bad', '{ fail: test.bad }', 'errorHandling: { strategy: park }')}] }
        - { id: works, steps: [${act('work', '{ takes: 2000 }')}] }
`);

const SENT = workflow(`
name: Sent events
steps:
  - ${act('work', '{ takes: 1000 }')}
  - { id: now, type: wait_for_event, config: { event: now } }
  - ${act('more', '{ output: 1 }')}
  - { id: before, type: wait_for_event, config: { event: before } }
`);

/** Runs that between them use every step type and every kind of message. */
export const historyCases: HistoryCase[] = [
  { name: 'every-type', run: { workflow: EVERY_TYPE, variables: { city: 'Ulm' } } },
  {
    name: 'paused',
    run: { workflow: PAUSED },
    async people(handle) {
      await reaches(handle, 'one', 'running');
      await ask(handle, 'pause');
      await reaches(handle, 'one', 'success');
      await ask(handle, 'resume');
      await reaches(handle, 'wait', 'waiting');
      await ask(handle, 'pause');
      await ask(handle, 'resume');
    },
  },
  {
    name: 'cancelled',
    run: { workflow: CANCELLED },
    async people(handle, runner) {
      await eventually(
        () => (runner.ran.includes(`${handle.workflowId}/long`) ? true : undefined),
        'the long step runs',
      );
      await handle.cancel();
    },
  },
  { name: 'continued', run: { workflow: CONTINUED, historyLimit: 40 } },
  { name: 'retried', run: { workflow: RETRIED } },
  {
    name: 'rescued',
    run: { workflow: RESCUED },
    async people(handle) {
      await reaches(handle, 'completed', 'parked');
      await ask(handle, 'complete_step', { path: 'completed', output: 'by hand' });
      await reaches(handle, 'skipped', 'parked');
      await ask(handle, 'skip_step', { path: 'skipped' });
      await reaches(handle, 'retried', 'parked');
      await ask(handle, 'retry_step', { path: 'retried' });
      await reaches(handle, 'retried', 'parked');
      await ask(handle, 'skip_step', { path: 'retried' });
    },
  },
  {
    name: 'awaited',
    run: { workflow: AWAITED },
    async people(handle) {
      await reaches(handle, 'fan[parks].bad', 'parked');
      await ask(handle, 'skip_step', { path: 'fan[parks].bad' });
      await reaches(handle, 'fan[asks].sign_off', 'waiting');
      await ask(handle, 'decide_step', { path: 'fan[asks].sign_off', output: { approved: true } });
    },
  },
  {
    name: 'sent',
    // What was sent and not waited for yet goes along into the fresh history.
    run: { workflow: SENT, historyLimit: 14 },
    async people(handle) {
      await reaches(handle, 'work', 'running');
      await ask(handle, 'message', { name: 'before', data: { n: 1 } });
      await reaches(handle, 'now', 'waiting');
      await ask(handle, 'message', { name: 'now', data: [2] });
    },
  },
  { name: 'failed', run: { workflow: FAILED } },
  { name: 'timed-out', run: { workflow: TIMED_OUT } },
  { name: 'computing', run: { workflow: COMPUTING } },
  {
    name: 'agent',
    run: { workflow: AGENT },
    says: [
      { toolCalls: [{ name: 'look', arguments: { output: 'seen' } }, { name: 'none' }] },
      { fault: 'overloaded' },
      { toolCalls: [{ name: 'act', arguments: { output: 'first' } }] },
      { fault: 'context_too_long' },
      'It has looked and acted.',
      { toolCalls: [{ name: 'act', arguments: { output: 'second' } }] },
      'Done.',
    ],
    async people(handle) {
      await reaches(handle, 'sign_off', 'waiting');
      await ask(handle, 'decide_step', { path: 'sign_off', output: { approved: true, by: 'ann' } });
      await reaches(handle, 'agent[2-1:act].approval', 'waiting');
      const changed = { approved: true, data: { output: 'changed' } };
      await ask(handle, 'decide_step', { path: 'agent[2-1:act].approval', output: changed });
      await reaches(handle, 'agent[4-1:act].approval', 'waiting');
      const no = { approved: false, reason: 'Once is enough.' };
      await ask(handle, 'decide_step', { path: 'agent[4-1:act].approval', output: no });
    },
  },
];
