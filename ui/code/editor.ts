import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import { editorTheme } from './editor-theme.ts';
import { highlight } from './highlight.ts';

/** What an editor for definitions always has, whatever is shown in it. */
export const reading: Extension = [
  lineNumbers(),
  codeFolding(),
  foldGutter(),
  drawSelection(),
  EditorState.tabSize.of(2),
  EditorView.lineWrapping,
  yaml(),
  highlight,
  editorTheme,
];

/** What it has besides where a text is worked on. Undo is the page's: it goes back through more than the text. */
export const writing: Extension = [
  reading,
  highlightActiveLine(),
  highlightActiveLineGutter(),
  rectangularSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  closeBrackets(),
  lintGutter(),
  search({ top: true }),
  highlightSelectionMatches(),
  EditorState.allowMultipleSelections.of(true),
  keymap.of([
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...searchKeymap,
    ...foldKeymap,
    ...lintKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]),
];

/** Undo and redo are handed on: the editor itself, and the browser, do neither. */
export const handedOn = (undo: () => void, redo: () => void): Extension =>
  EditorView.domEventHandlers({
    keydown({ key, ctrlKey, metaKey, altKey, shiftKey }) {
      const pressed = key.toLowerCase();
      if (!(ctrlKey || metaKey) || altKey || (pressed !== 'z' && pressed !== 'y')) return false;
      (pressed === 'y' || shiftKey ? redo : undo)();
      return true;
    },
    beforeinput({ inputType }) {
      if (!inputType.startsWith('history')) return false;
      (inputType === 'historyUndo' ? undo : redo)();
      return true;
    },
  });
