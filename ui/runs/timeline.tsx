import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import { Status, stateColour } from '#ui/kit/status.tsx';
import { durationText, useNow } from '#ui/kit/time.tsx';
import { barsOf } from './bars.ts';
import classes from './timeline.module.css';

const TICK = 500;

/** One row for each step that ran: when it began, and how long it took. */
export function Timeline({
  execution,
  time,
  selected,
  onSelect,
}: {
  execution: ExecutionView;
  /** When it stood like that, in milliseconds since 1970, where it is looked back on. */
  time: number | undefined;
  selected: string | undefined;
  onSelect: (path: string) => void;
}) {
  const clock = useNow(TICK, execution.endTime === null && time === undefined);
  const now = time ?? clock;
  const bars = barsOf(execution, now);
  return (
    <ul className={classes.rows} aria-label="Timeline">
      {bars.map(({ step, from, width, depth }) => (
        <li key={step.path}>
          <button
            type="button"
            className={classes.row}
            aria-pressed={step.path === selected}
            onClick={() => onSelect(step.path)}
          >
            <span
              className={`${classes.name} one-line inert`}
              style={{ paddingLeft: depth * 12 }}
              title={step.path}
            >
              {step.name}
            </span>
            <span className={classes.state}>
              <Status status={step.status} more={step.attempt > 1 ? `attempt ${step.attempt}` : undefined} />
            </span>
            <span className={classes.track} aria-hidden>
              {width > 0 && (
                <span
                  className={classes.bar}
                  data-waiting={step.status === 'waiting' || undefined}
                  style={{ left: `${from}%`, width: `${width}%`, backgroundColor: stateColour(step.status) }}
                />
              )}
            </span>
            <span className={`${classes.duration} numbers`}>{lengthOf(step, now)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function lengthOf({ startTime, duration }: StepView, now: number): string {
  if (duration !== null) return durationText(duration);
  return startTime === null ? '' : durationText(Math.max(0, now - Date.parse(startTime)));
}
