import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const floating = {
  border: '1px solid var(--house-line)',
  borderRadius: '6px',
  background: 'var(--house-raised)',
  color: 'var(--house-text)',
  boxShadow: 'var(--mantine-shadow-md)',
};

/** The house look for code: the page's own colours, which follow light and dark by themselves. */
export const editorTheme: Extension = EditorView.theme({
  '&': { height: '100%', background: 'var(--house-panel)', color: 'var(--house-text)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--house-accent)', padding: '8px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--house-accent)' },
  '.cm-gutters': {
    background: 'var(--house-panel)',
    color: 'var(--house-muted)',
    borderRight: '1px solid var(--house-line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    background: 'color-mix(in srgb, var(--house-hover) 60%, transparent)',
  },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--house-accent) 24%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    background: 'color-mix(in srgb, var(--house-accent) 20%, transparent)',
  },
  '.cm-searchMatch': { background: 'color-mix(in srgb, var(--state-retrying) 30%, transparent)' },
  '.cm-searchMatch-selected': { background: 'color-mix(in srgb, var(--state-retrying) 55%, transparent)' },
  '.cm-foldPlaceholder': {
    border: '1px solid var(--house-line)',
    background: 'var(--house-hover)',
    color: 'var(--house-muted)',
  },
  '.cm-panels': {
    background: 'var(--house-panel)',
    color: 'var(--house-text)',
    borderColor: 'var(--house-line)',
  },
  '.cm-panel.cm-search': { padding: '4px 8px', fontFamily: 'var(--mantine-font-family)' },
  '.cm-panel.cm-search :is(input, button, label)': { fontSize: '12px' },
  '.cm-textfield, .cm-button': {
    border: '1px solid var(--house-line)',
    borderRadius: '4px',
    background: 'var(--house-raised)',
    backgroundImage: 'none',
    color: 'var(--house-text)',
  },
  '.cm-tooltip': floating,
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--house-hover)',
    color: 'var(--house-text)',
  },
  '.cm-tooltip-autocomplete .cm-completionDetail': { color: 'var(--house-muted)', fontStyle: 'normal' },
  '.cm-tooltip .cm-completionInfo': { ...floating, maxWidth: '320px', padding: '8px' },
  '.cm-tooltip-lint': { maxWidth: '480px' },
  '.cm-diagnostic': { padding: '4px 8px', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--state-failure)' },
  '.code-hint': { maxWidth: '360px', padding: '8px', overflowWrap: 'anywhere' },
  '.code-key': { color: 'var(--house-accent)' },
  '.code-text': { color: 'var(--state-success)' },
  '.code-constant': { color: 'var(--state-parked)' },
  '.code-comment': { color: 'var(--house-muted)', fontStyle: 'italic' },
  '.code-mark': { color: 'var(--house-muted)' },
  '.code-expression, .code-expression *': { color: 'var(--state-waiting)' },
});
