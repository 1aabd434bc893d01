import { Button, Text } from '@mantine/core';
import { History } from 'lucide-react';
import { useMemo } from 'react';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { durationText } from '#ui/kit/time.tsx';
import { isBad, type Moment, momentWords } from './moments.ts';
import classes from './scrubber.module.css';

/** More ticks than this would be one grey bar. */
const MOST_TICKS = 200;

/** Travels through what has happened to an execution: a tick for each event, by dragging or with the arrow keys. */
export function Scrubber({
  execution,
  moments,
  at,
  onAt,
}: {
  execution: ExecutionView;
  moments: readonly Moment[];
  /** The event up to which it is looked at; undefined: as it stands. */
  at: number | undefined;
  onAt: (at: number | undefined) => void;
}) {
  const names = useMemo(() => new Map(execution.steps.map(({ path, name }) => [path, name])), [execution]);
  const last = moments.length - 1;
  if (last < 1) return null;
  const found = at === undefined ? last : moments.findIndex(({ upTo }) => upTo >= at);
  const index = found === -1 ? last : found;
  const moment = moments[index] as Moment;
  const words = `${momentWords(moment, names)}, ${durationText(
    Math.max(0, Date.parse(moment.at) - Date.parse(execution.startTime)),
  )} after the start`;
  return (
    <section className={classes.scrubber} aria-label="History">
      <History size={14} aria-hidden />
      <div className={classes.track}>
        <Ticks moments={moments} />
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={`${index + 1} of ${moments.length}: ${words}`}
          min={0}
          max={last}
          value={index}
          onChange={({ currentTarget }) => {
            const wanted = Number(currentTarget.value);
            onAt(wanted === last ? undefined : moments[wanted]?.upTo);
          }}
        />
      </div>
      <Text size="xs" className={`${classes.words} one-line inert numbers`} title={words}>
        {at === undefined ? `${moments.length} events` : words}
      </Text>
      <Button variant="default" size="compact-xs" disabled={at === undefined} onClick={() => onAt(undefined)}>
        {execution.endTime === null ? 'Live' : 'End'}
      </Button>
    </section>
  );
}

/** Failures are always marked; the rest where there is room. */
function Ticks({ moments }: { moments: readonly Moment[] }) {
  const last = moments.length - 1;
  const isShort = moments.length <= MOST_TICKS;
  return (
    <div className={classes.ticks} aria-hidden>
      {moments.map((moment, index) =>
        isShort || isBad(moment) ? (
          <span
            key={moment.id}
            data-bad={isBad(moment) || undefined}
            style={{ left: `${(100 * index) / last}%` }}
          />
        ) : null,
      )}
    </div>
  );
}
