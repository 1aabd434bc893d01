import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { catalogSchema } from '#shared/catalog/catalog.ts';
import { factsOf } from '#shared/catalog/facts.ts';
import { loadData } from '#shared/definition/load.ts';
import type { Json } from '#shared/json.ts';
import { factsFor } from './start.ts';

const catalog = catalogSchema.parse(
  JSON.parse(readFileSync(new URL('../../shared/catalog/catalog.generated.json', import.meta.url), 'utf8')),
);

const factsOfSteps = (...steps: Json[]) => {
  const { workflow, problems } = loadData({ name: 'Facts', steps });
  if (!workflow) throw new Error(JSON.stringify(problems));
  return factsFor({ catalog }, workflow);
};

const only = (...types: string[]) => {
  const all = factsOf(catalog);
  return Object.fromEntries(types.map((type) => [type, all[type]]));
};

describe('what a run knows of actions', () => {
  it('is of those its steps and undos name, in loops too', () => {
    const read = { id: 'read', type: 'action', action: { type: 'file.read', parameters: { path: 'a' } } };
    const undo = { action: { type: 'file.delete', parameters: { path: 'b' } } };
    const steps = [{ ...read, errorHandling: { undo } }];
    expect(factsOfSteps({ type: 'loop', config: { times: 2, steps } })).toEqual(
      only('file.read', 'file.delete'),
    );
  });

  it('is of those an agent may call, so that each has its own time and retries', () => {
    const tools: Json[] = [
      { action: 'shell.run' },
      { workflow: 'deploy' },
      { plugin: 'word-tools', command: 'count' },
    ];
    expect(
      factsOfSteps({ type: 'ai_flow', config: { goal: 'Mend it.', provider: 'claude', tools } }),
    ).toEqual(only('shell.run', 'workflow.run', 'plugin.execute'));
  });

  it('is of the one that runs another workflow, where a step does', () => {
    expect(factsOfSteps({ type: 'workflow', config: { workflowId: 'deploy' } })).toEqual(
      only('workflow.run'),
    );
  });
});
