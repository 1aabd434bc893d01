import { Button, Select } from '@mantine/core';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import { executionStatuses } from '#shared/machine/status.ts';
import type { ExecutionFilter } from '#ui/api/queries.ts';
import { stateWord } from '#ui/kit/status.tsx';
import { isAllowed, type ListAction } from './list-actions.ts';
import { SPANS } from './list-filter.ts';
import classes from './list-table.module.css';

const ALL = '';

const STATUSES = [
  { value: ALL, label: 'Any status' },
  ...executionStatuses.map((status) => ({ value: status, label: stateWord(status) })),
];

const TIMES = [{ value: ALL, label: 'Any time' }, ...SPANS.map(({ value, label }) => ({ value, label }))];

/** What narrows the list down: a workflow, a status, a time. */
export function ListBar({
  filter,
  names,
  onChange,
}: {
  filter: ExecutionFilter;
  /** Names of workflows by id. */
  names: ReadonlyMap<string, string>;
  onChange: (filter: ExecutionFilter) => void;
}) {
  const { workflowId, status, within } = filter;
  const known = [...names].map(([value, label]) => ({ value, label }));
  const gone =
    workflowId !== undefined && !names.has(workflowId) ? [{ value: workflowId, label: workflowId }] : [];
  return (
    <search className={classes.bar} aria-label="Executions">
      <Select
        aria-label="Workflow"
        data={[{ value: ALL, label: 'Any workflow' }, ...gone, ...known]}
        value={workflowId ?? ALL}
        onChange={(value) => onChange({ ...filter, workflowId: value || undefined })}
        allowDeselect={false}
        searchable
        nothingFoundMessage="No workflow goes by that name"
        limit={100}
        withScrollArea={false}
        classNames={{ options: classes.options }}
        w={240}
      />
      <Select
        aria-label="Status"
        data={STATUSES}
        maxDropdownHeight={400}
        value={status ?? ALL}
        onChange={(value) =>
          onChange({ ...filter, status: executionStatuses.find((each) => each === value) })
        }
        allowDeselect={false}
        w={130}
      />
      <Select
        aria-label="Started"
        data={TIMES}
        value={SPANS.find((span) => span.within === within)?.value ?? ALL}
        onChange={(value) =>
          onChange({ ...filter, within: SPANS.find((span) => span.value === value)?.within })
        }
        allowDeselect={false}
        w={120}
      />
    </search>
  );
}

/** What can be done with those that are picked. Stands in the place of the filters. */
export function PickedBar({
  picked,
  onSteer,
  onClear,
}: {
  picked: readonly ExecutionSummary[];
  onSteer: (action: ListAction) => void;
  onClear: () => void;
}) {
  const count = (action: ListAction): number =>
    picked.filter(({ status }) => isAllowed(action, status)).length;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Picked executions">
      <span className="numbers">{picked.length} picked</span>
      {count('cancel') > 0 && (
        <Button variant="default" onClick={() => onSteer('cancel')}>
          Cancel {count('cancel')}
        </Button>
      )}
      {count('retry') > 0 && (
        <Button variant="default" onClick={() => onSteer('retry')}>
          Retry {count('retry')} from the start
        </Button>
      )}
      <Button variant="subtle" onClick={onClear}>
        Pick none
      </Button>
    </div>
  );
}
