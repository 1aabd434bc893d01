import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  Activity,
  CalendarClock,
  History,
  House,
  KeyRound,
  type LucideIcon,
  MessageSquare,
  Plug,
  UserCheck,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { approvalCountQuery, healthQuery } from '#ui/api/queries.ts';
import { openCommandPalette } from './command-palette.tsx';
import { paths } from './paths.ts';
import classes from './shell.module.css';

const PAGES: { path: string; title: string; icon: LucideIcon }[] = [
  { path: paths.home, title: 'Home', icon: House },
  { path: paths.workflows, title: 'Workflows', icon: Workflow },
  { path: paths.executions, title: 'Executions', icon: History },
  { path: paths.approvals, title: 'Approvals', icon: UserCheck },
  { path: paths.triggers, title: 'Triggers', icon: CalendarClock },
  { path: paths.activity, title: 'Activity', icon: Activity },
  { path: paths.chat, title: 'Chat', icon: MessageSquare },
  { path: paths.plugins, title: 'Plugins', icon: Plug },
  { path: paths.secrets, title: 'Secrets', icon: KeyRound },
];

/** More would not fit beside an icon. */
const MOST_COUNTED = 99;

const isIn = (location: string, path: string): boolean =>
  path === paths.home ? location === path : location === path || location.startsWith(`${path}/`);

/** The frame of every page: the rail on the left, and a line on top while the server is away. */
export function Shell({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  const { data: waiting = 0 } = useQuery(approvalCountQuery);
  return (
    <div className={classes.frame}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <nav className={classes.rail} aria-label="Pages">
        {PAGES.map(({ path, title, icon: Icon }) => {
          const name = path === paths.approvals && waiting > 0 ? `${title}, ${waiting} waiting` : title;
          return (
            <Tooltip key={path} label={name} position="right">
              <Link
                href={path}
                className={classes.item}
                aria-label={name}
                aria-current={isIn(location, path) ? 'page' : undefined}
              >
                <Icon size={18} aria-hidden />
                {name !== title && (
                  <span className={classes.count} aria-hidden>
                    {waiting > MOST_COUNTED ? `${MOST_COUNTED}+` : waiting}
                  </span>
                )}
              </Link>
            </Tooltip>
          );
        })}
        <span className={classes.space} />
        <Tooltip label="Commands (Mod+K)" position="right">
          <button type="button" className={classes.item} aria-label="Commands" onClick={openCommandPalette}>
            <span aria-hidden>⌘</span>
          </button>
        </Tooltip>
      </nav>
      <main className={classes.main} id="main">
        <ConnectionLine />
        {children}
      </main>
    </div>
  );
}

/** Says since when the server cannot be reached, or what of it does not work. */
function ConnectionLine() {
  const { data, error, errorUpdatedAt, dataUpdatedAt } = useQuery(healthQuery);
  if (error)
    return (
      <div className={classes.away} role="status">
        The server has not been reached since {new Date(dataUpdatedAt || errorUpdatedAt).toLocaleTimeString()}
        . What is shown may be out of date; edits are kept in this browser.
      </div>
    );
  if (data && data.status !== 'ok')
    return (
      <div className={classes.away} role="status">
        Workflows cannot run now: {unhealthy(data).join('; ')}.
      </div>
    );
  return null;
}

const unhealthy = ({
  temporal,
  workers,
  store,
}: Record<'temporal' | 'workers' | 'store', Record<string, unknown>>) =>
  Object.entries({ temporal, workers, store })
    .filter(([, part]) => part.ok !== true)
    .map(([name, part]) => `${name}: ${String(part.error)}`);
