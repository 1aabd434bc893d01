import type { Step } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';
import type { StepError } from '../machine/protocol.ts';
import type { StepRun } from '../machine/step-run.ts';
import type { StepType } from '../machine/step-type.ts';

interface Branch {
  id: string;
  name?: string;
  steps: Step[];
}

const branches = (config: JsonObject): Branch[] => config.branches as unknown as Branch[];

interface Memo extends JsonObject {
  outputs: Record<string, Json>;
  succeeded: number;
  failed: number;
}

/** Branches that must succeed before the step does. */
function needed(run: StepRun): number {
  const { waitFor } = run.step.config;
  if (waitFor === 'any') return 1;
  return typeof waitFor === 'number' ? waitFor : branches(run.step.config).length;
}

export const parallel: StepType = {
  type: 'parallel',
  title: 'Parallel',
  description: 'Runs branches side by side and waits for all, for any one, or for a number of them.',
  icon: 'columns-3',
  config: ({ z, steps }) =>
    z
      .strictObject({
        branches: z
          .array(
            z.strictObject({
              id: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/),
              name: z.string().optional(),
              steps,
            }),
          )
          .min(1)
          .max(100),
        waitFor: z.union([z.enum(['all', 'any']), z.int().min(1)]).optional(),
      })
      .refine((config) => typeof config.waitFor !== 'number' || config.waitFor <= config.branches.length, {
        message: 'waitFor is larger than the number of branches.',
        path: ['waitFor'],
      })
      .refine(
        (config) => new Set(config.branches.map((branch) => branch.id)).size === config.branches.length,
        {
          message: 'Two branches have the same id.',
          path: ['branches'],
        },
      ),
  examples: [
    `
- id: both
  type: parallel
  config:
    branches:
      - id: left
        steps: [{ id: one, type: set, config: { values: { n: 1 } } }]
      - id: right
        steps: [{ id: two, type: set, config: { values: { n: 2 } } }]`,
  ],
  nested: {
    map: (config, change) => ({
      ...config,
      branches: branches(config).map((branch) => ({
        ...branch,
        steps: change(branch.steps, branch.id),
      })) as never,
    }),
    path: (position) => ['branches', position, 'steps'],
    list: (config, key) => branches(config).find((branch) => branch.id === key)?.steps,
  },
  start(run) {
    run.memo = { outputs: {}, succeeded: 0, failed: 0 };
    for (const branch of branches(run.step.config)) run.openFrame(branch.id);
  },
  frameClosed(run, key, result) {
    const memo = run.memo as Memo;
    const goal = needed(run);
    memo.outputs[key] = result.output;
    if (result.outcome === 'success') memo.succeeded++;
    else memo.failed++;
    if (memo.succeeded === goal) run.succeed(memo.outputs);
    else if (branches(run.step.config).length - memo.failed < goal)
      run.fail(result.error ?? lost(run.path, key));
  },
};

const lost = (path: string, branch: string): StepError => ({
  code: 'parallel.branch_failed',
  message: `Branch "${branch}" of step "${path}" failed.`,
});
