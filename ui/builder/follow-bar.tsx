import { Button, CloseButton, Group, Paper } from '@mantine/core';
import { Link } from 'wouter';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { paths } from '#ui/app/paths.ts';
import { Status } from '#ui/kit/status.tsx';
import classes from './follow-bar.module.css';

/** Over the canvas: the execution whose states are drawn on it. */
export function FollowBar({ execution, onClose }: { execution: ExecutionView; onClose: () => void }) {
  return (
    <Paper withBorder className={classes.bar} role="status" aria-label="The execution that is shown">
      <Group gap="sm" wrap="nowrap">
        <Status status={execution.status} />
        <span className="one-line inert">
          {execution.error?.message ?? 'Its states are drawn on the canvas'}
        </span>
        <Button
          component={Link}
          href={paths.execution(execution.executionId)}
          variant="default"
          size="compact-xs"
        >
          Open the execution
        </Button>
        <CloseButton size="sm" aria-label="Show the draft alone" onClick={onClose} />
      </Group>
    </Paper>
  );
}
