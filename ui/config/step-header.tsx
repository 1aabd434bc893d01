import { useEffect, useRef, useState } from 'react';
import { isReserved } from '#shared/definition/slug.ts';
import { iconOf } from '#ui/kit/icons.ts';
import classes from './config.module.css';

const ID = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

function IdInput({
  id,
  isReadOnly,
  onRename,
}: {
  id: string;
  isReadOnly: boolean;
  onRename(id: string): void;
}) {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? id;
  const isWrong = !ID.test(text) || isReserved(text);
  const commit = (): void => {
    if (draft !== undefined && draft !== id && !isWrong) onRename(draft);
    setDraft(undefined);
  };
  // What was typed is taken even where the panel goes before the field is left.
  const latest = useRef(commit);
  latest.current = commit;
  useEffect(() => () => latest.current(), []);
  return (
    <div>
      <input
        className={`${classes.title} ${classes.id}`}
        aria-label="Id of the step"
        aria-invalid={isWrong}
        aria-describedby="step-id-note"
        value={text}
        readOnly={isReadOnly}
        spellCheck={false}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(undefined);
        }}
      />
      <div id="step-id-note" className={classes.muted}>
        {draft !== undefined &&
          (isWrong
            ? 'An id starts with a letter and holds letters, digits, _ and - only.'
            : 'Enter renames it; expressions and edges that refer to it are rewritten.')}
      </div>
    </div>
  );
}

/** What a step is: its icon, its name and id, which can be changed, its type and what that does. */
export function StepHeader({
  id,
  name,
  icon,
  kind,
  description,
  isReadOnly,
  onRename,
  onRenameId,
}: {
  id: string;
  name: string;
  icon: string;
  /** Its type in words: `File: read · file.read`. */
  kind: string;
  description: string;
  isReadOnly: boolean;
  onRename(name: string): void;
  onRenameId(id: string): void;
}) {
  const Icon = iconOf(icon);
  const [draft, setDraft] = useState<string>();
  return (
    <div className={classes.header}>
      <div className={classes.cardHead}>
        <Icon size={18} aria-hidden style={{ flex: 'none', color: 'var(--house-accent)' }} />
        <input
          className={`${classes.title} ${classes.name}`}
          aria-label="Name of the step"
          value={draft ?? name}
          placeholder={id}
          maxLength={200}
          readOnly={isReadOnly}
          onChange={(event) => {
            const text = event.currentTarget.value;
            // An empty name cannot be; it is shown until there is one again.
            setDraft(text.trim() === '' ? text : undefined);
            if (text.trim() !== '') onRename(text);
          }}
          onBlur={() => setDraft(undefined)}
        />
      </div>
      <IdInput id={id} isReadOnly={isReadOnly} onRename={onRenameId} />
      <div className={`${classes.muted} inert`}>
        <strong>{kind}</strong>
        {description !== '' && <div>{description}</div>}
      </div>
    </div>
  );
}
