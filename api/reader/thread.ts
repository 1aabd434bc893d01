import { parentPort, workerData } from 'node:worker_threads';
import type { Catalog } from '#shared/catalog/catalog.ts';
import { messageOf } from '#shared/errors.ts';
import { type Order, type Outcome, perform, type Task } from './tasks.ts';

const bare = workerData as Catalog;
let full = bare;

function outcomeOf(task: Task): Outcome {
  try {
    return { output: perform(task, task.isBare ? bare : full) };
  } catch (thrown) {
    return { error: messageOf(thrown) };
  }
}

parentPort?.on('message', (order: Order) => {
  if ('task' in order) parentPort?.postMessage(outcomeOf(order));
  else full = order.plugins ? { ...bare, plugins: order.plugins } : bare;
});
