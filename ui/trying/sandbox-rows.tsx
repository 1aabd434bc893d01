import { ActionIcon, Tooltip } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Pin, Unplug } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import { Status } from '#ui/kit/status.tsx';
import classes from './sandbox-panel.module.css';

/** Height of a row, in pixels. */
const ROW = 48;

interface RowsProps {
  steps: readonly StepView[];
  /** Path of the row that is shown beside. */
  selected: string | undefined;
  /** Ids of steps that are to fail, and of those with a pinned output. */
  failing: ReadonlySet<string>;
  pinned: ReadonlySet<string>;
  onSelect(step: StepView): void;
  onFail(id: string): void;
}

function Row({ step, props }: { step: StepView; props: RowsProps }) {
  const { id, path, name, status, preview, action, type } = step;
  const isFailing = props.failing.has(id);
  const label = isFailing ? `Let ${name} succeed` : `Make ${name} fail`;
  return (
    <>
      <button
        type="button"
        className={classes.open}
        aria-current={props.selected === path || undefined}
        onClick={() => props.onSelect(step)}
      >
        <Status status={status} />
        <span className="inert one-line">
          <span className="inert">{name}</span>
          {path !== id && <span className={classes.muted}> {path}</span>}
        </span>
        <span className={`inert one-line ${classes.does}`}>
          {props.pinned.has(id) && <Pin size={11} aria-label="Pinned output" />} {preview ?? action ?? type}
        </span>
      </button>
      <Tooltip label={label}>
        <ActionIcon
          aria-label={label}
          aria-pressed={isFailing}
          color={isFailing ? 'red' : 'gray'}
          variant={isFailing ? 'light' : 'subtle'}
          onClick={() => props.onFail(id)}
        >
          <Unplug size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** The steps of a dry run in order, each with what it would do and a switch that makes it fail. */
export function SandboxRows(props: RowsProps) {
  const { steps, selected } = props;
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: steps.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const position = steps.findIndex(({ path }) => path === selected);
  useEffect(() => {
    if (position >= 0) rows.scrollToIndex(position);
  }, [position, rows]);
  return (
    <div ref={box} className={classes.scroll}>
      <ul className={classes.rows} style={{ height: rows.getTotalSize() }} aria-label="Steps of the dry run">
        {rows.getVirtualItems().map(({ index, start }) => {
          const step = steps[index];
          if (!step) return null;
          return (
            <li
              key={step.path}
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
              data-selected={step.path === selected || undefined}
            >
              <Row step={step} props={props} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
