import type { ReactNode } from 'react';
import classes from './data-view.module.css';

/** A part of the page that scrolls by itself, and can be reached by keyboard for that. */
export function Scroll({
  label,
  isPage,
  children,
}: {
  label: string;
  isPage?: boolean;
  children: ReactNode;
}) {
  return (
    <section
      className={isPage ? `${classes.scroll} ${classes.page}` : classes.scroll}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {children}
    </section>
  );
}
