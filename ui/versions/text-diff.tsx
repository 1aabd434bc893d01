import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { reading } from '#ui/code/editor.ts';
import classes from './text-diff.module.css';

/** Two columns from this width on, in pixels; below it one. */
const WIDE = 800;

/** Lines kept around what differs, and the fewest that are folded away. */
const FOLDED = { margin: 3, minSize: 6 };

/** How hard the least difference is looked for; the time is in milliseconds. */
const THOROUGH = { scanLimit: 10_000, timeout: 500 };

/** Tints pale enough for every colour of the text to be read on them; what changed in a line is underlined too. */
const tint = (state: string, percent: number): string =>
  `color-mix(in srgb, var(--state-${state}) ${percent}%, transparent)`;
const line = (state: string) => ({ background: tint(state, 5) });
const piece = (state: string) => ({
  background: tint(state, 8),
  borderBottom: `2px solid ${tint(state, 70)}`,
});

const colours: Extension = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': line('failure'),
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': line('success'),
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': piece('failure'),
  '&.cm-merge-b .cm-changedText': piece('success'),
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
  '.cm-collapsedLines': { background: 'var(--house-hover)', color: 'var(--house-muted)' },
});

const column = (label: string): Extension => [
  reading,
  colours,
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
];

interface Sides {
  before: string;
  after: string;
  beforeLabel: string;
  afterLabel: string;
}

function beside(parent: HTMLElement, { before, after, beforeLabel, afterLabel }: Sides): () => void {
  const view = new MergeView({
    parent,
    a: { doc: before, extensions: column(beforeLabel) },
    b: { doc: after, extensions: column(afterLabel) },
    collapseUnchanged: FOLDED,
    diffConfig: THOROUGH,
  });
  return () => view.destroy();
}

function inOne(parent: HTMLElement, { before, after, beforeLabel, afterLabel }: Sides): () => void {
  const merged = unifiedMergeView({
    original: before,
    mergeControls: false,
    collapseUnchanged: FOLDED,
    diffConfig: THOROUGH,
  });
  const view = new EditorView({
    parent,
    doc: after,
    extensions: [column(`${beforeLabel} compared with ${afterLabel}`), merged],
  });
  return () => view.destroy();
}

/** Two texts compared, read-only: side by side where there is room, else in one column. */
export function TextDiff({ before, after, beforeLabel, afterLabel }: Sides) {
  const { ref, width } = useElementSize();
  const box = useRef<HTMLDivElement>(null);
  const isWide = width >= WIDE;
  const isMeasured = width > 0;
  useEffect(() => {
    if (!box.current || !isMeasured) return;
    return (isWide ? beside : inOne)(box.current, { before, after, beforeLabel, afterLabel });
  }, [before, after, beforeLabel, afterLabel, isWide, isMeasured]);
  return (
    <div ref={ref} className={classes.diff}>
      <div className={classes.labels}>
        <span>− {beforeLabel}</span>
        <span>+ {afterLabel}</span>
      </div>
      <div ref={box} className={classes.text} />
    </div>
  );
}
