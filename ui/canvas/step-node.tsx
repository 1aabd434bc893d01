import { Tooltip } from '@mantine/core';
import type { NodeProps } from '@xyflow/react';
import { CircleAlert, Pin } from 'lucide-react';
import { memo } from 'react';
import type { StepPlace } from '#ui/document/outline.ts';
import { iconOf } from '#ui/kit/icons.ts';
import { Status, stateColour } from '#ui/kit/status.tsx';
import classes from './canvas.module.css';
import { useCanvas, useMark } from './canvas-store.ts';
import { ChangeWord } from './change-word.tsx';
import type { StepNode } from './flow.ts';
import { useHandles } from './handles.tsx';
import type { StepMark } from './overlay.ts';
import { RenameField } from './rename-field.tsx';
import { detailOf, faceKey, isLong, textFromFar } from './summary.ts';

/** A step on the canvas: who it is, and in a run how it goes. */
export const StepNodeView = memo(function StepNodeView({
  id,
  data: { place },
  selected,
}: NodeProps<StepNode>) {
  const mark = useMark(id);
  const hasProblem = useCanvas(({ problems }) => problems.has(id));
  const isRenaming = useCanvas(({ renaming }) => renaming === id);
  const isFar = useCanvas((shared) => shared.isFar);
  const { handles, hover } = useHandles(selected);
  const farText = textFromFar(place.name, mark);
  const colour = mark.status === undefined ? undefined : stateColour(mark.status);
  return (
    <div
      className={classes.step}
      data-far={isFar || undefined}
      data-long={isLong(farText, 2) || undefined}
      data-selected={selected || undefined}
      data-disabled={place.isDisabled || undefined}
      data-change={mark.change}
      data-status={mark.status}
      data-problem={hasProblem || undefined}
      data-testid={`step-${id}`}
      style={colour === undefined ? undefined : { borderLeftColor: colour }}
      title={isFar ? place.name : undefined}
      {...hover}
    >
      {isFar && !isRenaming ? farText : <StepBody place={place} mark={mark} isRenaming={isRenaming} />}
      {handles}
    </div>
  );
});

interface BodyProps {
  place: StepPlace;
  mark: StepMark;
  isRenaming: boolean;
}

/** What is read of a step from near. */
function StepBody({ place, mark, isRenaming }: BodyProps) {
  const face = useCanvas(({ faceOf }) => faceOf)(faceKey(place));
  const problem = useCanvas(({ problems }) => problems.get(place.id));
  const Icon = iconOf(face.icon);
  return (
    <>
      <span className={classes.icon} data-group={face.group}>
        <Icon size={16} aria-hidden />
      </span>
      <div className={classes.words}>
        {isRenaming ? (
          <RenameField id={place.id} name={place.name} />
        ) : (
          <div className={`${classes.name} one-line inert`} title={place.name}>
            {place.name}
          </div>
        )}
        <SecondLine place={place} mark={mark} />
      </div>
      {mark.isPinned && <Pin size={12} className={classes.pin} aria-label="Output pinned" />}
      {problem !== undefined && (
        <Tooltip label={problem}>
          <CircleAlert size={14} className={classes.problem} aria-label={`Problem: ${problem}`} />
        </Tooltip>
      )}
      {mark.progress !== undefined && (
        <span className={classes.progress} style={{ width: `${Math.round(mark.progress * 100)}%` }} />
      )}
    </>
  );
}

function SecondLine({ place, mark: { status, more, change } }: { place: StepPlace; mark: StepMark }) {
  if (status !== undefined) return <Status status={status} more={more} />;
  return (
    <div className={`${classes.detail} one-line inert`}>
      {change && <ChangeWord change={change} />}
      {place.isDisabled ? 'disabled · ' : ''}
      {detailOf(place)}
    </div>
  );
}
