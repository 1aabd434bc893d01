import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually } from './support/eventually.ts';
import { type Part, Product } from './support/product.ts';

jest.setTimeout(300_000);

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const ORDERS = 20;

const append = (file: string, line: string): string =>
  `{ type: action, action: { type: file.write, parameters: { path: ${file}, content: ${line}, append: true } } }`;

/** Called by a webhook, it runs another workflow, waits for an event, and tells one that starts a third. */
const ORDER = `
id: order
name: Order
triggers: [{ id: placed, type: webhook, config: { secret: SHOP } }]
steps:
  - { id: packed, type: workflow, config: { workflowId: pack, variables: { number: "{{ trigger.body.number }}" } } }
  - { id: paid, type: wait_for_event, config: { event: paid } }
  - id: told
    type: action
    action: { type: activity.emit, parameters: { event: order.paid, data: { number: "{{ trigger.body.number }}", by: "{{ steps.paid.output.data.by }}" } } }
output: "{{ steps.packed.output.output }}"
`;

const PACK = `
id: pack
name: Pack
variables: [{ name: number, type: number, required: true }]
steps: [${append('packed.log', `"{{ variables.number }}{{ '\\n' }}"`)}]
output: "packed {{ variables.number }}"
`;

const NOTED = `
id: noted
name: Noted
triggers: [{ id: paid, type: activity, config: { event: "order.*" } }]
steps: [${append('noted.log', `"{{ trigger.data.number }} {{ trigger.data.by }}{{ '\\n' }}"`)}]
`;

describe('what comes in while processes are killed', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start();
    await product.ask('POST', '/secrets', { name: 'SHOP', value: SECRET });
    for (const yaml of [ORDER, PACK, NOTED]) await product.ask('POST', '/workflows', yaml);
  }, 120_000);
  afterAll(() => product?.stop());

  const call = async (number: number): Promise<string> => {
    const body = JSON.stringify({ number });
    const at = new Date();
    const id = `msg_${number}`;
    const response = await fetch(`${product.url}/hooks/order/placed`, {
      method: 'POST',
      signal: AbortSignal.timeout(15_000),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(SECRET).sign(id, at, body),
      },
      body,
    });
    const answer = (await response.json()) as { executionId?: string };
    if (response.status !== 202) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    return String(answer.executionId);
  };

  /** As senders of webhooks do: again, under the same id, until it is taken; here from two places at once. */
  const deliver = async (number: number): Promise<string> => {
    const insist = () => eventually(() => call(number).catch(() => undefined), `delivery ${number}`, 120_000);
    const [first, second] = await Promise.all([insist(), insist()]);
    expect(second).toBe(first);
    return first;
  };

  const linesOf = (file: string): string[] =>
    readFileSync(join(product.workspace, file), 'utf8').split('\n').filter(Boolean).sort();

  it('starts one run for each delivery and each event, and each runs to its end', async () => {
    const kill = async (): Promise<void> => {
      for (const part of ['api', 'temporal', 'worker', 'api'] as Part[]) {
        await sleep(1_500);
        await product.kill(part);
      }
    };
    const numbers = Array.from({ length: ORDERS }, (_, number) => number);
    const staggered = numbers.map(async (number) => {
      await sleep(number * 300);
      const id = await deliver(number);
      // The event is sent before or after the step waits for it, and until it is taken.
      const data = { by: `payer-${number}` };
      await product.insist('POST', `/executions/${id}/messages/paid`, data, 120_000);
      return id;
    });
    const [ids] = await Promise.all([Promise.all(staggered), kill()]);
    expect(new Set(ids).size).toBe(ORDERS);
    const orders = await product.closed('order', ORDERS, 120_000);
    expect(new Set(orders.map(({ status }) => status))).toEqual(new Set(['success']));
    const noted = await product.closed('noted', ORDERS, 120_000);
    expect(new Set(noted.map(({ status }) => status))).toEqual(new Set(['success']));
    expect(await product.closed('pack', ORDERS, 10_000)).toHaveLength(ORDERS);
    expect(linesOf('packed.log')).toEqual(numbers.map(String).sort());
    expect(linesOf('noted.log')).toEqual(numbers.map((number) => `${number} payer-${number}`).sort());
    const outputs = await Promise.all(ids.map(async (id) => (await product.execution(id)).output));
    expect(outputs).toEqual(numbers.map((number) => `packed ${number}`));
  });
});
