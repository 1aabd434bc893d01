import { Text } from '@mantine/core';
import { useMemo } from 'react';
import classes from './config.module.css';
import { cronWords, nextRuns, runText } from './cron-words.ts';

const RUNS = 5;

/** What a cron expression says, and when it fires next. */
export function NextRuns({ cron, timezone }: { cron: string; timezone: string }) {
  const runs = useMemo(() => nextRuns(cron, timezone, RUNS), [cron, timezone]);
  const words = cronWords(cron);
  return (
    <div aria-live="polite" className={classes.nextRuns}>
      <Text size="sm" c={words === undefined ? 'var(--state-failure)' : undefined}>
        {words ?? 'This is no cron expression: write five fields, such as 0 9 * * 1-5.'}
      </Text>
      {runs.length > 0 && (
        <ul className={classes.runs} aria-label="Next runs">
          {runs.map((run) => (
            <li key={run} className="numbers">
              {runText(run, timezone)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
