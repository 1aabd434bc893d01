import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './config.module.css';

/** A part of a panel that is folded until it is wanted; its note says what it holds meanwhile. */
export function Fold({
  title,
  note,
  isOpenFirst = false,
  children,
}: {
  title: string;
  note?: ReactNode;
  isOpenFirst?: boolean;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const body = useId();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <section className={classes.section} aria-label={title}>
      <button
        type="button"
        className={classes.fold}
        aria-expanded={isOpen}
        aria-controls={isOpen ? body : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Chevron size={14} aria-hidden />
        {title}
        <span className={`${classes.foldNote} one-line inert`}>{note}</span>
      </button>
      {isOpen && (
        <div id={body} className={classes.body}>
          {children}
        </div>
      )}
    </section>
  );
}
