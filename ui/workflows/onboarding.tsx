import { FilePlus2, FileText, type LucideIcon, Rocket } from 'lucide-react';
import type { Way } from './new-workflow.tsx';
import type { Creation } from './use-create.ts';
import classes from './workflows.module.css';

/** What stands where there is no workflow yet: three ways to the first one. */
export function Onboarding({ creation, onOpen }: { creation: Creation; onOpen: (way: Way) => void }) {
  return (
    <div className={classes.onboarding}>
      <h2>Make your first workflow</h2>
      <p>
        A workflow is a list of steps that run by themselves: when a file changes, at a time, or when you
        start it. It survives crashes, and you can watch each step.
      </p>
      <div className={classes.choices}>
        <Choice
          icon={Rocket}
          title="Run an example"
          text="Creates a small workflow of four steps that needs no keys and no files, runs it, and shows you each step."
          isBusy={creation.isBusy}
          onChoose={() => void creation.example()}
        />
        <Choice
          icon={FilePlus2}
          title="Start empty"
          text="Give it a name, then draw its steps in the builder."
          isBusy={creation.isBusy}
          onChoose={() => onOpen({ kind: 'empty' })}
        />
        <Choice
          icon={FileText}
          title="Paste YAML"
          text="Bring a definition you have: paste it, choose a file, or drop one anywhere on this page."
          isBusy={creation.isBusy}
          onChoose={() => onOpen({ kind: 'text', text: '' })}
        />
      </div>
      <p>
        Or begin from{' '}
        <button type="button" className={classes.inline} onClick={() => onOpen({ kind: 'template' })}>
          one of the templates
        </button>
        .
      </p>
    </div>
  );
}

function Choice({
  icon: Icon,
  title,
  text,
  isBusy,
  onChoose,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  isBusy: boolean;
  onChoose: () => void;
}) {
  return (
    <button
      type="button"
      className={`${classes.card} ${classes.choice}`}
      disabled={isBusy}
      onClick={onChoose}
    >
      <Icon size={24} color="var(--house-accent)" aria-hidden />
      <span className={classes.cardTitle}>{title}</span>
      <span className={classes.cardWhole}>{text}</span>
    </button>
  );
}
