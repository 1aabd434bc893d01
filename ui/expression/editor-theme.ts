import { EditorView } from '@codemirror/view';

const MONO = 'var(--mantine-font-family-monospace)';

/** The house look of the small editors: a field like any other, in the data's typeface. */
export const editorTheme = EditorView.theme({
  '&': { fontSize: '12px', color: 'var(--house-text)', backgroundColor: 'var(--house-raised)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: MONO, lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--house-text)' },
  '.cm-line': { padding: '0 8px' },
  '.cm-placeholder': { color: 'var(--house-muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--house-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--house-accent) 25%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--house-muted)',
  },
  '.ax-brace': { color: 'var(--house-accent)', fontWeight: '600' },
  '.ax-path': {
    color: 'var(--house-accent)',
    backgroundColor: 'color-mix(in srgb, var(--house-accent) 12%, transparent)',
    borderRadius: '3px',
    padding: '1px 0',
  },
  '.ax-call': { color: 'var(--state-waiting)' },
  '.ax-string': { color: 'var(--state-success)' },
  '.ax-number, .ax-word': { color: 'var(--state-parked)' },
  '.ax-comment': { color: 'var(--house-muted)', fontStyle: 'italic' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--state-failure)' },
});

/** What floats: the list of completions and the messages. It stands outside of the field, above dialogs. */
export const tooltipTheme = EditorView.theme({
  '&.cm-tooltip, .cm-tooltip': {
    zIndex: '1000',
    border: '1px solid var(--house-line)',
    borderRadius: '6px',
    backgroundColor: 'var(--house-raised)',
    color: 'var(--house-text)',
    boxShadow: 'var(--mantine-shadow-md)',
    fontSize: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul, &.cm-tooltip-autocomplete > ul': {
    overflow: 'hidden',
    fontFamily: MONO,
    maxHeight: 'none',
    minWidth: '260px',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--house-hover)',
    color: 'var(--house-text)',
    boxShadow: 'inset 2px 0 0 var(--house-accent)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--house-muted)', marginLeft: '12px' },
  '.cm-completionInfo': {
    maxWidth: '320px',
    padding: '6px 8px',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
});
