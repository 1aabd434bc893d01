import { CircleAlert, CircleCheck } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { Problem } from '#shared/definition/problem.ts';
import classes from './problems-list.module.css';

/** The place of a problem as people read it: its line, its step, or its path. */
const placeOf = ({ line, path, step }: Problem & { step?: string }): string =>
  [step ?? path, line === undefined ? '' : `line ${line}`].filter((text) => text !== '').join(' · ');

/** Arrow keys, Home and End go from one problem to another. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll('button')];
  const at = rows.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = next === undefined ? undefined : rows[next];
  if (!row) return;
  event.preventDefault();
  row.focus();
}

/** Everything wrong with a definition; each row leads to its place. */
export function ProblemsList<P extends Problem & { step?: string }>({
  problems,
  onOpen,
}: {
  problems: readonly P[];
  onOpen(problem: P): void;
}) {
  if (problems.length === 0)
    return (
      <div className={classes.empty} role="status">
        <CircleCheck size={16} color="var(--state-success)" aria-hidden />
        No problems
      </div>
    );
  return (
    <ul className={classes.list} aria-label="Problems" onKeyDown={walk}>
      {problems.map((problem, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may stand there twice.
        <li key={`${position} ${problem.code} ${problem.path}`}>
          <button type="button" className={classes.row} onClick={() => onOpen(problem)}>
            <CircleAlert size={16} className={classes.sign} aria-label="Problem" />
            <span className={`inert ${classes.message}`}>
              {problem.message}
              {problem.fix !== undefined && <span className={classes.more}> {problem.fix}</span>}
              <span className={classes.more}> · {problem.code}</span>
            </span>
            <span className={`inert one-line ${classes.place}`} title={problem.path}>
              {placeOf(problem)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
