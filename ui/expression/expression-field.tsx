import { Maximize2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { describedBy, FieldFrame } from './field-frame.tsx';
import { IconButton } from './icon-button.tsx';
import { LazyEditor } from './lazy-editor.tsx';
import { PreviewLine } from './preview-line.tsx';
import type { ScopeInfo } from './scope-info.ts';
import { usePreview } from './use-preview.ts';

const LargeEditor = lazy(async () => ({ default: (await import('./large-editor.tsx')).LargeEditor }));

export interface ExpressionFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  scope: ScopeInfo;
  isReadOnly: boolean;
  /** What somebody else found wrong with it. */
  error?: string | undefined;
  /** The whole text is one expression, with or without braces. */
  isCondition?: boolean | undefined;
  /** Lines it is high at least. Default 1, of a condition 2. */
  rows?: number | undefined;
  placeholder?: string | undefined;
  description?: string | undefined;
  isRequired?: boolean | undefined;
  /** Stands in place of the label. */
  heading?: ReactNode;
  /** More buttons in the label's line. */
  aside?: ReactNode;
  /** Where the caret is put, and the focus with it, when the field appears. */
  caret?: number | undefined;
}

/** An expression, or text with `{{ expressions }}` in it, with completion and its result as it is typed. */
export function ExpressionField(props: ExpressionFieldProps) {
  const { label, value, onChange, scope, isReadOnly, error, isCondition = false } = props;
  const { rows = isCondition ? 2 : 1, placeholder, description, isRequired, heading, aside, caret } = props;
  const id = useId();
  const [isLarge, setLarge] = useState(false);
  const result = usePreview(value, scope, isCondition);
  const language = isCondition ? 'expression' : 'template';
  const fault =
    result && 'error' in result ? { position: result.position, message: result.error } : undefined;
  return (
    <FieldFrame
      {...{ id, label, isRequired, description, heading }}
      problems={error === undefined ? [] : [{ message: error }]}
      aside={
        <>
          <IconButton
            icon={Maximize2}
            label={`${label}: open the large editor`}
            hint="Large editor (Mod+Enter)"
            onClick={() => setLarge(true)}
          />
          {aside}
        </>
      }
    >
      <LazyEditor
        {...{ value, onChange, language, label, isReadOnly, scope, rows, placeholder, caret }}
        error={fault ?? (error === undefined ? undefined : { position: 0, message: error })}
        describedBy={`${describedBy(id)} ${id}-result`}
        onSubmit={() => setLarge(true)}
      />
      <PreviewLine preview={result} id={`${id}-result`} />
      {isLarge && (
        <Suspense>
          <LargeEditor
            {...{ label, value, onChange, scope, isReadOnly, isCondition }}
            onClose={() => setLarge(false)}
          />
        </Suspense>
      )}
    </FieldFrame>
  );
}
