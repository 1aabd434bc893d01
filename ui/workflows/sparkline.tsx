import type { RecentExecution } from '#shared/contract/workflow.ts';
import { stateColour } from '#ui/kit/status.tsx';
import { durationText } from '#ui/kit/time.tsx';
import { barsOf, sparklineWords } from './sparkline.ts';

const SIZE = { width: 100, height: 20, count: 20 };

/** The last executions as bars: as high as they took long, in the colour of how they ended. */
export function Sparkline({ recent }: { recent: readonly RecentExecution[] }) {
  const words = sparklineWords(recent, durationText);
  return (
    <svg width={SIZE.width} height={SIZE.height} role="img" aria-label={words} display="block">
      <title>{words}</title>
      <line x1={0} x2={SIZE.width} y1={SIZE.height - 0.5} y2={SIZE.height - 0.5} stroke="var(--house-line)" />
      {barsOf(recent, SIZE).map(({ id, status, ...place }) => (
        <rect key={id} {...place} rx={1} fill={stateColour(status)} />
      ))}
    </svg>
  );
}
