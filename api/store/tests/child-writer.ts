/** Archives runs one after another and prints the id of each that was acknowledged, until it is killed. */
import { openStore } from '../store.ts';

const [url = '', prefix = ''] = process.argv.slice(2);
const store = await openStore({ url });
for (let n = 0; ; n++) {
  const id = `${prefix}-${n}`;
  await store.executions.archive(
    {
      id,
      workflowId: 'review',
      workflowVersion: 1,
      status: 'success',
      triggeredBy: { type: 'manual' },
      context: null,
      variables: {},
      startedAt: new Date().toISOString(),
      endedAt: null,
      durationMs: null,
      output: { padding: 'x'.repeat(2000) },
      errorMessage: null,
      error: null,
      retryOf: null,
    },
    [],
  );
  process.stdout.write(`${id}\n`);
}
