import { ActionIcon, Tooltip } from '@mantine/core';
import type { NodeProps } from '@xyflow/react';
import { ChevronDown, CircleAlert, Plus } from 'lucide-react';
import { memo } from 'react';
import { iconOf } from '#ui/kit/icons.ts';
import { Status, stateColour } from '#ui/kit/status.tsx';
import classes from './canvas.module.css';
import { useCanvas, useMark } from './canvas-store.ts';
import { ChangeWord } from './change-word.tsx';
import type { FrameNode } from './flow.ts';
import { useHandles } from './handles.tsx';
import type { StepMark } from './overlay.ts';
import { RenameField } from './rename-field.tsx';
import { detailOf, faceKey, isLong, textFromFar } from './summary.ts';

/** A frame that holds steps: a loop, a parallel step, one of its branches, or what runs finally. */
export const FrameNodeView = memo(function FrameNodeView({ id, data, selected }: NodeProps<FrameNode>) {
  const { place, listKey, title, isBranch } = data;
  const mark = useMark(place?.id ?? '');
  const hasProblem = useCanvas(({ problems }) => place !== undefined && problems.has(place.id));
  const isRenaming = useCanvas(({ renaming }) => renaming === id);
  const isFar = useCanvas((shared) => shared.isFar) && !isRenaming;
  const { handles, hover } = useHandles(selected);
  const farText = textFromFar(title, mark);
  return (
    <div
      className={classes.frame}
      data-far={isFar || undefined}
      data-long={isLong(farText, 1) || undefined}
      data-selected={selected || undefined}
      data-branch={isBranch || undefined}
      data-disabled={place?.isDisabled || undefined}
      data-change={mark.change}
      data-status={mark.status}
      data-problem={hasProblem || undefined}
      data-testid={`frame-${id}`}
      data-list={place?.type === 'parallel' ? undefined : listKey}
      style={mark.status === undefined ? undefined : { borderLeftColor: stateColour(mark.status) }}
      title={isFar ? title : undefined}
      {...hover}
    >
      {isFar ? farText : <FrameHead id={id} data={data} mark={mark} isRenaming={isRenaming} />}
      {place && handles}
    </div>
  );
});

interface HeadProps {
  id: string;
  data: FrameNode['data'];
  mark: StepMark;
  isRenaming: boolean;
}

/** What is read of a frame from near. */
function FrameHead({ id, data: { place, listKey, title }, mark, isRenaming }: HeadProps) {
  const problem = useCanvas(({ problems }) => (place ? problems.get(place.id) : undefined));
  return (
    <div className={classes.frameHead}>
      {place ? <HolderIcon type={faceKey(place)} /> : null}
      {isRenaming ? (
        <RenameField id={id} name={title} />
      ) : (
        <span className={`${classes.name} one-line inert`} title={title}>
          {title}
        </span>
      )}
      {place && <HolderLine detail={detailOf(place)} mark={mark} />}
      {problem !== undefined && (
        <Tooltip label={problem}>
          <CircleAlert size={14} className={classes.problem} aria-label={`Problem: ${problem}`} />
        </Tooltip>
      )}
      <FrameButtons
        id={id}
        listKey={listKey}
        title={title}
        isSplit={place?.type === 'parallel'}
        canFold={place !== undefined}
      />
    </div>
  );
}

function HolderIcon({ type }: { type: string }) {
  const face = useCanvas(({ faceOf }) => faceOf)(type);
  const Icon = iconOf(face.icon);
  return (
    <span className={classes.icon} data-group={face.group}>
      <Icon size={16} aria-hidden />
    </span>
  );
}

function HolderLine({ detail, mark: { status, more, change } }: { detail: string; mark: StepMark }) {
  if (status !== undefined) return <Status status={status} more={more} />;
  return (
    <span className={`${classes.detail} one-line inert`}>
      {change && <ChangeWord change={change} />}
      {detail}
    </span>
  );
}

interface ButtonsProps {
  id: string;
  listKey: string;
  title: string;
  isSplit: boolean;
  canFold: boolean;
}

function FrameButtons({ id, listKey, title, isSplit, canFold }: ButtonsProps) {
  const onAddIn = useCanvas((shared) => shared.onAddIn);
  const onToggle = useCanvas((shared) => shared.onToggle);
  return (
    <span className={`${classes.frameButtons} nodrag`}>
      {onAddIn && !isSplit && (
        <Tooltip label="Add a step inside">
          <ActionIcon aria-label={`Add a step in ${title}`} size="sm" onClick={() => onAddIn(listKey)}>
            <Plus size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      {canFold && onToggle && (
        <Tooltip label="Collapse">
          <ActionIcon aria-label={`Collapse ${title}`} size="sm" onClick={() => onToggle(id)}>
            <ChevronDown size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  );
}
