import { lazy, Suspense } from 'react';
import classes from './expression-field.module.css';
import { draggedExpression, inserted } from './insert.ts';
import type { ScopeInfo } from './scope-info.ts';
import type { Language } from './tokens.ts';

export interface EditorProps {
  value: string;
  onChange(value: string): void;
  language: Language;
  label: string;
  isReadOnly: boolean;
  /** What can be completed; nothing where absent. */
  scope?: ScopeInfo | undefined;
  /** Lines it is high at least; a field of one line takes no line breaks by key. Default 1. */
  rows?: number | undefined;
  placeholder?: string | undefined;
  /** Marked at its offset. */
  error?: { position: number; message: string } | undefined;
  describedBy?: string | undefined;
  /** Where the caret is put, and the focus with it, when the editor appears. */
  caret?: number | undefined;
  /** Where the caret is now, as an offset. */
  onCaret?: ((position: number) => void) | undefined;
  /** Mod+Enter. */
  onSubmit?: (() => void) | undefined;
}

/** Fetches the editor, so that it is there when somebody types an expression. */
export const loadEditor = () => import('./editor.tsx');

/** Stands in for the editor until it is there, and takes what is typed meanwhile. */
function Plain({
  value,
  onChange,
  label,
  isReadOnly,
  rows = 1,
  placeholder,
  describedBy,
  caret,
  language,
}: EditorProps) {
  return (
    <textarea
      className={classes.plain}
      aria-label={label}
      aria-describedby={describedBy}
      value={value}
      rows={rows}
      readOnly={isReadOnly}
      placeholder={placeholder}
      spellCheck={false}
      data-autofocus={caret === undefined ? undefined : true}
      ref={(element) => {
        if (caret === undefined || !element || document.activeElement === element) return;
        element.focus();
        element.setSelectionRange(caret, caret);
      }}
      onChange={(event) => onChange(event.currentTarget.value)}
      onDrop={(event) => {
        const expression = draggedExpression(event.dataTransfer);
        if (expression === undefined || isReadOnly) return;
        event.preventDefault();
        onChange(inserted(value, value.length, expression, language === 'expression').text);
      }}
    />
  );
}

/** Where the editor cannot be loaded, the plain field does: what is written is the same. */
const Editor = lazy(async () => {
  try {
    return { default: (await loadEditor()).Editor };
  } catch {
    return { default: Plain };
  }
});

/** A small text editor, of the same size before and after it is loaded. */
export function LazyEditor(props: EditorProps) {
  const { rows = 1, error, isReadOnly } = props;
  return (
    <div
      className={classes.box}
      style={{ '--rows': rows } as React.CSSProperties}
      data-invalid={error ? true : undefined}
      data-read-only={isReadOnly || undefined}
    >
      <Suspense fallback={<Plain {...props} />}>
        <Editor {...props} />
      </Suspense>
    </div>
  );
}
