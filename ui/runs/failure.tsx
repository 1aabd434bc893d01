import { Text } from '@mantine/core';
import type { StepView } from '#shared/contract/execution.ts';
import classes from './run-page.module.css';

/** Why a step failed, and what to do about it; nothing where it has not. */
export function Failure({ step: { error, path } }: { step: StepView }) {
  if (!error) return null;
  const isElsewhere = error.step !== undefined && error.step !== path;
  return (
    <div className={classes.error} role="alert">
      <Text size="sm" className="inert">
        {error.message}
      </Text>
      {error.fix !== undefined && (
        <Text size="sm" c="var(--house-muted)" className="inert">
          {error.fix}
        </Text>
      )}
      <Text size="xs" c="var(--house-muted)" ff="monospace" className="inert">
        {error.code}
        {isElsewhere ? ` at ${error.step}` : ''}
      </Text>
    </div>
  );
}
