import { expect, it } from '@jest/globals';
import type { ApprovalView } from '#shared/contract/execution.ts';
import { kept } from './approvals-kept.ts';

const waits = (executionId: string, path: string, message = ''): ApprovalView =>
  ({ executionId, step: { path, input: { message } } }) as unknown as ApprovalView;

const [a, b, c] = [waits('x', 'a'), waits('x', 'b'), waits('y', 'a')];

it('shows at first what waits, in its order', () => {
  expect(kept([], [b, a])).toMatchObject([
    { approval: b, isOver: false },
    { approval: a, isOver: false },
  ]);
});

it('moves nothing when something new comes or something is over', () => {
  const shown = kept(kept([], [a, b]), [c, b]);
  expect(shown.map(({ approval, isOver }) => [approval, isOver])).toEqual([
    [a, true],
    [b, false],
    [c, false],
  ]);
});

it('shows what is asked now, and lets what was over wait again', () => {
  const again = waits('x', 'a', 'Once more?');
  const shown = kept(kept(kept([], [a]), []), [again]);
  expect(shown).toEqual([{ key: 'x a', approval: again, isOver: false }]);
});
