import classes from './canvas.module.css';
import type { StepMark } from './overlay.ts';

export type ChangeKind = NonNullable<StepMark['change']>;

/** The sign of each kind of change, beside its word. */
export const CHANGE_SIGNS: Record<ChangeKind, string> = { added: '+', removed: '−', changed: '~' };

/** What became of something between two versions: a sign and a word, never colour alone. */
export const ChangeWord = ({ change }: { change: ChangeKind }) => (
  <span className={classes.changeWord} data-change={change}>
    <span aria-hidden>{CHANGE_SIGNS[change]} </span>
    {change}
  </span>
);
