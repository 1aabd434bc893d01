import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Notice } from '#ui/kit/notice.tsx';
import classes from './page.module.css';

/** A page around the builder: its title, what can be done, and what it shows. */
export function Page({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>{title}</h1>
        <div className={classes.actions}>{actions}</div>
      </header>
      {children}
    </div>
  );
}

/** One part of a page under a heading of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      {children}
    </section>
  );
}

/** In the place of what could not be loaded. */
export function NotLoaded({ what, error, onRetry }: { what: string; error: Error; onRetry: () => unknown }) {
  return (
    <Notice
      kind="error"
      title={`${what} could not be loaded`}
      detail={error.message}
      action={<Button onClick={() => void onRetry()}>Try again</Button>}
    />
  );
}
