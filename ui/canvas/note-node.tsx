import { Textarea } from '@mantine/core';
import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo, Suspense, useEffect, useState } from 'react';
import { late } from '#ui/kit/late.ts';
import { textHeight } from '#ui/kit/text-height.ts';
import classes from './canvas.module.css';
import { useCanvas, useCanvasStore } from './canvas-store.ts';
import type { NoteNode } from './flow.ts';

const Markdown = late(async () => (await import('#ui/data/markdown-view.tsx')).Markdown);

const SMALLEST = { width: 120, height: 64 };

/** A note on the canvas, as Markdown; a double click, or Enter, writes in it. */
export const NoteNodeView = memo(function NoteNodeView({
  id,
  data: { note },
  selected,
}: NodeProps<NoteNode>) {
  const onChange = useCanvas(({ onChangeNote }) => onChangeNote);
  const store = useCanvasStore();
  const isWriting = useCanvas(({ renaming }) => renaming === id) && onChange !== undefined;
  const [draft, setDraft] = useState(note.text);
  useEffect(() => setDraft(note.text), [note.text]);
  const finish = (): void => {
    if (draft !== note.text) onChange?.(id, { text: draft });
    store.setState({ renaming: undefined });
    store.getState().onRenamed?.();
  };
  const shown = note.text || 'An empty note. Double-click to write.';
  return (
    <div
      className={classes.note}
      data-colour={note.colour}
      data-selected={selected || undefined}
      data-testid={`note-${id}`}
    >
      {onChange && (
        <NodeResizer
          isVisible={selected}
          minWidth={SMALLEST.width}
          minHeight={SMALLEST.height}
          onResizeEnd={(_, { width, height }) =>
            onChange(id, { width: Math.round(width), height: Math.round(height) })
          }
        />
      )}
      {!isWriting ? (
        <div className={`${classes.noteText} inert`}>
          <Suspense fallback={shown}>
            <Markdown text={shown} />
          </Suspense>
        </div>
      ) : (
        <Textarea
          className="nodrag nowheel"
          aria-label="Text of the note"
          autoFocus
          {...textHeight(draft, { maxRows: 16 })}
          variant="unstyled"
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={finish}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape') finish();
          }}
        />
      )}
    </div>
  );
});
