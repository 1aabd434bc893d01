import { Badge, Switch } from '@mantine/core';
import { type KeyboardEvent, memo } from 'react';
import { Link } from 'wouter';
import type { WorkflowSummary } from '#shared/contract/workflow.ts';
import { paths } from '#ui/app/paths.ts';
import { Status } from '#ui/kit/status.tsx';
import { Ago } from '#ui/kit/time.tsx';
import table from '#ui/pages/table.module.css';
import { publicationOf, rateText } from './publication.ts';
import { Sparkline } from './sparkline.tsx';
import type { WorkflowActions } from './use-workflow-actions.ts';
import { WorkflowMenu } from './workflow-menu.tsx';
import classes from './workflows.module.css';

const MOST_TAGS = 3;

/** One workflow of the list. */
export const WorkflowRow = memo(function WorkflowRow({
  workflow,
  nextRun,
  actions,
  isFirst,
}: {
  workflow: WorkflowSummary;
  nextRun: string | undefined;
  actions: WorkflowActions;
  /** The one that the Tab key reaches; arrows go on from there. */
  isFirst: boolean;
}) {
  const { id, name, enabled, metadata } = workflow;
  const { words, tone } = publicationOf(workflow);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.target === event.currentTarget) actions.open(workflow);
  };
  return (
    <tr data-row={id} tabIndex={isFirst ? 0 : -1} onKeyDown={onKeyDown} aria-label={name}>
      <NameCell workflow={workflow} />
      <td>
        <Switch
          aria-label={`${name} is switched on`}
          checked={enabled}
          onChange={({ currentTarget }) => void actions.setEnabled(workflow, currentTarget.checked)}
        />
      </td>
      <td className={classes.optional}>
        <span className={classes.state} style={{ color: `var(--state-${tone})` }}>
          {words}
        </span>
      </td>
      <td>
        <LastRun {...metadata} />
      </td>
      <td className={`${table.end} numbers ${classes.optional}`}>{rateText(metadata)}</td>
      <td className={classes.optional}>
        {nextRun === undefined ? <span className={table.muted}>–</span> : <Ago key={nextRun} at={nextRun} />}
      </td>
      <td className={classes.optional}>
        <Sparkline recent={metadata.recent} />
      </td>
      <td>
        <WorkflowMenu workflow={workflow} actions={actions} />
      </td>
    </tr>
  );
});

function NameCell({ workflow: { id, name, description, metadata } }: { workflow: WorkflowSummary }) {
  const { tags } = metadata;
  return (
    <td>
      <div className={classes.name}>
        <Link href={paths.workflow(id)} className={`${table.name} one-line inert`} tabIndex={-1} title={name}>
          {name}
        </Link>
        {tags.slice(0, MOST_TAGS).map((tag) => (
          <Badge key={tag} size="xs" variant="default" className={classes.tag}>
            {tag}
          </Badge>
        ))}
        {tags.length > MOST_TAGS && (
          <span className={`${table.muted} ${classes.more}`} title={tags.join(', ')}>
            +{tags.length - MOST_TAGS}
          </span>
        )}
      </div>
      {description !== '' && (
        <div className={`${table.muted} one-line inert ${classes.description}`} title={description}>
          {description}
        </div>
      )}
    </td>
  );
}

function LastRun({ recent, lastRun }: WorkflowSummary['metadata']) {
  const last = recent.at(-1);
  if (!last || lastRun === null) return <span className={table.muted}>Never run</span>;
  return (
    <>
      <Link href={paths.execution(last.executionId)} className={classes.last} title="Open the last execution">
        <Status status={last.status} />
      </Link>
      <span className={`${table.muted} ${classes.when}`}>
        <Ago key={lastRun} at={lastRun} />
      </span>
    </>
  );
}
