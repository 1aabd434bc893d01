import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './expression-field.module.css';

export interface FieldFrameProps {
  label: string;
  /** The id of the control, so that a click on the label leads to it; absent where the control names itself. */
  control?: string | undefined;
  /** Ids that the control refers to with `aria-describedby` begin with this. */
  id: string;
  isRequired?: boolean | undefined;
  description?: string | undefined;
  problems?: readonly { message: string; fix?: string | undefined }[] | undefined;
  /** Stands in place of the label: the name of a value, which can be changed. */
  heading?: ReactNode;
  /** Buttons at the end of the label's line. */
  aside?: ReactNode;
  children: ReactNode;
}

/** The id of a field's description, for `aria-describedby`. */
export const describedBy = (id: string): string => `${id}-about`;

/** A field: its label with what can be done to it, what it is for, the control, and what is wrong with it. */
export function FieldFrame(props: FieldFrameProps) {
  const { label, control, id, isRequired, description, problems = [], heading, aside, children } = props;
  const words = (
    <>
      {label}
      {isRequired && (
        <span className={classes.required} title="Required">
          {' '}
          *<span hidden> (required)</span>
        </span>
      )}
    </>
  );
  return (
    <div className={classes.frame} data-field={label}>
      <div className={classes.head}>
        {heading !== undefined ? (
          heading
        ) : control === undefined ? (
          <span className={`${classes.label} one-line inert`}>{words}</span>
        ) : (
          <label htmlFor={control} className={`${classes.label} one-line inert`}>
            {words}
          </label>
        )}
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </div>
      <div id={describedBy(id)}>
        {description !== undefined && <div className={`${classes.description} inert`}>{description}</div>}
      </div>
      {children}
      {problems.map(({ message, fix }) => (
        <div key={message} className={`${classes.problem} inert`} role="alert">
          <CircleAlert size={12} aria-hidden />
          <span>{fix === undefined ? message : `${message} ${fix}`}</span>
        </div>
      ))}
    </div>
  );
}
