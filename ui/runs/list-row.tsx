import { ActionIcon, Checkbox, Tooltip } from '@mantine/core';
import { Ban, type LucideIcon, Pause, Play, RotateCcw } from 'lucide-react';
import { type KeyboardEvent, memo } from 'react';
import { Link, useLocation } from 'wouter';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import { paths } from '#ui/app/paths.ts';
import { CopyIcon } from '#ui/kit/copy-icon.tsx';
import { Status } from '#ui/kit/status.tsx';
import { Ago, durationText, useNow } from '#ui/kit/time.tsx';
import table from '#ui/pages/table.module.css';
import { startedBy } from '#ui/pages/trigger-words.ts';
import { allowedActions, type ListAction } from './list-actions.ts';
import classes from './list-table.module.css';

const ACTIONS: Record<ListAction, { verb: string; icon: LucideIcon }> = {
  pause: { verb: 'Pause', icon: Pause },
  resume: { verb: 'Resume', icon: Play },
  cancel: { verb: 'Cancel', icon: Ban },
  retry: { verb: 'Retry from the start', icon: RotateCcw },
};

/** The end of an id: what tells the executions of one workflow apart. */
const shortId = (id: string): string => (id.length <= 10 ? id : `…${id.slice(-8)}`);

/** One execution of the list. */
export const ListRow = memo(function ListRow({
  execution,
  name,
  isFirst,
  isPicked,
  onPick,
  onSteer,
}: {
  execution: ExecutionSummary;
  /** The workflow's. */
  name: string;
  /** The one that the Tab key reaches; arrows go on from there. */
  isFirst: boolean;
  isPicked: boolean;
  onPick: (id: string, isPicked: boolean) => void;
  onSteer: (action: ListAction, executions: readonly ExecutionSummary[]) => void;
}) {
  const [, navigate] = useLocation();
  const { executionId: id, status, startTime, workflowVersion, retryOf } = execution;
  const onKeyDown = ({ key, target, currentTarget }: KeyboardEvent): void => {
    if (key === 'Enter' && target === currentTarget) navigate(paths.execution(id));
  };
  return (
    <tr
      data-row={id}
      data-picked={isPicked || undefined}
      tabIndex={isFirst ? 0 : -1}
      onKeyDown={onKeyDown}
      aria-label={`${name}, ${id}`}
    >
      <td className={classes.phone}>
        <Checkbox
          aria-label={`Pick ${id}`}
          checked={isPicked}
          onChange={({ currentTarget }) => onPick(id, currentTarget.checked)}
        />
      </td>
      <td>
        <Status status={status} />
      </td>
      <td>
        <Link
          href={paths.execution(id)}
          className={`${table.name} one-line inert`}
          tabIndex={-1}
          style={{ display: 'block' }}
          title={name}
        >
          {name}
        </Link>
      </td>
      <td className={classes.optional}>
        <ShortId id={id} />
      </td>
      <td className={classes.phone}>
        <StartedBy execution={execution} />
      </td>
      <td>
        <Ago at={startTime} />
      </td>
      <td className={`${table.end} ${classes.phone}`}>
        <Lasted execution={execution} />
      </td>
      <td className={`${table.end} numbers ${classes.optional}`}>
        {workflowVersion === 0 ? 'draft' : `v${workflowVersion}`}
      </td>
      <td className={classes.optional}>
        {retryOf !== null && (
          <Link href={paths.execution(retryOf)} className={`${classes.link} ${table.mono}`} title={retryOf}>
            {shortId(retryOf)}
          </Link>
        )}
      </td>
      <td>
        <div className={classes.buttons}>
          {allowedActions(status).map((action) => (
            <RowButton
              key={action}
              action={action}
              name={name}
              onClick={() => onSteer(action, [execution])}
            />
          ))}
        </div>
      </td>
    </tr>
  );
});

function RowButton({ action, name, onClick }: { action: ListAction; name: string; onClick: () => void }) {
  const { verb, icon: Icon } = ACTIONS[action];
  return (
    <Tooltip label={verb}>
      <ActionIcon aria-label={`${verb}: ${name}`} onClick={onClick}>
        <Icon size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function ShortId({ id }: { id: string }) {
  return (
    <span className={classes.copied}>
      <span className={table.mono} title={id}>
        {shortId(id)}
      </span>
      <CopyIcon value={id} />
    </span>
  );
}

const planned = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function StartedBy({ execution: { triggeredBy } }: { execution: ExecutionSummary }) {
  const { type, detail, at } = startedBy(triggeredBy);
  const time = at === undefined ? '' : planned.format(new Date(at));
  return (
    <div className="one-line inert" title={`${detail} ${time}`.trim()}>
      {type}{' '}
      <span className={table.muted}>
        {detail} {time}
      </span>
    </div>
  );
}

const SECOND = 1_000;

/** How long an execution took, or has taken so far. */
function Lasted({ execution: { startTime, endTime, duration } }: { execution: ExecutionSummary }) {
  const isOpen = endTime === null;
  const now = useNow(SECOND, isOpen);
  const lasted = isOpen ? Math.max(0, now - Date.parse(startTime)) : (duration ?? 0);
  return (
    <span className="numbers">{durationText(isOpen ? Math.floor(lasted / SECOND) * SECOND : lasted)}</span>
  );
}
