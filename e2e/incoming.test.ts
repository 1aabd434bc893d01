import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { eventually } from '../test/support/eventually.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

const PAYMENT = `name: Payment
steps:
  - { id: paid, type: wait_for_event, config: { event: "paid-{{ trigger.body.order }}" } }
output: "{{ steps.paid.output.data.amount }}"
`;

/** Calls a webhook as another system does that knows its secret. */
async function call(url: string, secret: string, data: object): Promise<string> {
  const body = JSON.stringify(data);
  const at = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
  };
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json()) as { executionId: string };
  expect({ status: response.status, answer }).toEqual({
    status: 202,
    answer: { executionId: expect.any(String) },
  });
  return answer.executionId;
}

const TAKES_UP = `name: Takes up
triggers:
  - { id: failed, type: activity, config: { event: "build.*" } }
  - { id: asked, type: escalation, config: {} }
  - { id: said, type: chat, config: { command: /look } }
steps:
  - { id: one, type: set, config: { values: { seen: "{{ trigger }}" } } }
`;

describe('what other systems start', () => {
  it('is a webhook with a secret made up for it, and an execution that is sent an event by hand', async () => {
    const secrets = await world.tab('/secrets');
    await secrets.page.getByRole('button', { name: 'Add a secret' }).first().click();
    const dialog = secrets.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('PAYMENTS');
    await dialog.getByRole('button', { name: 'Make one up for a webhook' }).click();
    const secret = await dialog.getByLabel('Value', { exact: true }).inputValue();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await dialog.getByRole('button', { name: 'Copy the value' }).waitFor();
    await dialog.getByRole('button', { name: 'Keep secret' }).click();
    await secrets.page.getByRole('cell', { name: 'PAYMENTS', exact: true }).waitFor();

    const { at, tab } = await world.builder(PAYMENT);
    await at.panel().getByRole('button', { name: 'Add a trigger' }).click();
    await at.page.getByRole('menuitem', { name: 'Webhook' }).click();
    await at.panel().getByRole('combobox', { name: 'Secret', exact: true }).click();
    await at.page.getByRole('option', { name: 'PAYMENTS' }).click();
    expect((await at.draft()).triggers).toEqual([
      { id: 'webhook', type: 'webhook', config: { auth: 'standard', secret: 'PAYMENTS' } },
    ]);
    await world.product.ask('POST', '/workflows/payment/publish');

    const triggers = await world.tab('/triggers');
    const row = triggers.page.getByRole('row').filter({ hasText: '/hooks/payment/webhook' });
    await row.getByText('signed as Standard Webhooks say').waitFor();
    await row.getByText('active', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Copy the address of webhook' }).waitFor();

    const id = await call(`${world.product.url}/hooks/payment/webhook`, secret, { order: 7 });
    const run = await world.tab(`/executions/${id}`);
    await run.page.getByText('Waiting for the event "paid-7"').waitFor();
    await run.page.getByRole('textbox', { name: 'Data of the event' }).fill('{ "amount": 12 }');
    await run.page.getByRole('button', { name: 'Send the event' }).click();
    const ended = await eventually<ExecutionView>(async () => {
      const view = await world.product.execution(id);
      return view.endTime === null ? undefined : view;
    }, 'the execution has ended');
    expect(ended).toMatchObject({ status: 'success', output: 12, triggeredBy: { type: 'webhook' } });
    for (const { complaints } of [secrets, tab, triggers, run]) expect(complaints).toEqual([]);
  });

  it('is told on the page of activity, with what it started; a command in the chat starts as well', async () => {
    await world.product.ask('POST', '/workflows', TAKES_UP);
    await world.product.ask('POST', '/events', { event: 'build.failed', source: 'ci' });
    await world.product.ask('POST', '/escalations', { title: 'Cannot tell why', severity: 'high' });
    await world.product.ask('POST', '/events', { event: 'deploy.done' });
    const { page, complaints } = await world.tab('/activity');
    const row = (text: string) => page.getByRole('row').filter({ hasText: text });
    await row('deploy.done').getByText('nothing').waitFor();
    await row('Cannot tell why').getByText('escalation, high').waitFor();
    await row('Cannot tell why').getByRole('link', { name: 'takes-up' }).waitFor();
    await row('build.failed').getByText('ci').waitFor();
    await row('build.failed').getByRole('link', { name: 'takes-up' }).click();
    await page.waitForURL(/executions\/takes-up-/);
    await page.getByText('build.failed').first().waitFor();
    expect(complaints).toEqual([]);

    await world.product.ask('POST', '/chat/sessions', { id: 'ops' });
    const chat = await world.tab('/chat?session=ops');
    await chat.page.getByRole('textbox', { name: 'Message' }).fill('/look at this');
    await chat.page.keyboard.press('Enter');
    await chat.page.getByText('Started takes-up.').waitFor();
    await chat.page.getByRole('link', { name: 'Open its execution' }).click();
    await chat.page.waitForURL(/executions\/takes-up-/);
    expect(chat.complaints).toEqual([]);
  });
});
