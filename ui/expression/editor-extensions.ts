import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
  type Completion as Option,
  pickedCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { EditorState, type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  tooltips,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { draggedExpression, insertion } from './insert.ts';
import { type Completion, complete, type ScopeInfo } from './scope-info.ts';
import { type Language, type TokenKind, tokens } from './tokens.ts';

const MARKS = Object.fromEntries(
  ['brace', 'path', 'call', 'string', 'number', 'word', 'comment'].map((kind) => [
    kind,
    Decoration.mark({ class: `ax-${kind}` }),
  ]),
) as Record<TokenKind, Decoration>;

function decorate(text: string, language: Language): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to, kind } of tokens(text, language)) builder.add(from, to, MARKS[kind]);
  return builder.finish();
}

/** Colours what the tokens say. */
export const colouring = (language: Language): Extension =>
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor({ state }: EditorView) {
        this.decorations = decorate(state.doc.toString(), language);
      }
      update(update: ViewUpdate): void {
        if (update.docChanged) this.decorations = decorate(update.state.doc.toString(), language);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );

const ICONS: Record<Completion['kind'], string> = {
  root: 'namespace',
  local: 'variable',
  step: 'class',
  property: 'property',
  variable: 'variable',
  secret: 'constant',
  function: 'function',
  method: 'method',
};

const optionOf = ({ label, detail, info, kind, from, insert, back = 0 }: Completion): Option => ({
  label,
  type: ICONS[kind],
  ...(detail !== undefined && { detail }),
  ...(info !== undefined && { info }),
  apply: (view, chosen, _from, to) =>
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length - back },
      annotations: pickedCompletion.of(chosen),
      scrollIntoView: true,
    }),
});

/** Completions in sight at once: the list shows others as one moves through it, and never scrolls. */
const LISTED = 12;

/** Completion over what the field's expressions can name; `scope` is asked each time. */
export const completion = (scope: () => ScopeInfo | undefined, isBare: boolean): Extension => {
  const source: CompletionSource = ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const known = scope();
    if (!known) return null;
    const text = state.doc.toString();
    const before = text.slice(0, pos);
    if (!explicit && !/(?:[A-Za-z_$][\w$]*|\.|\{\{ ?)$/.test(before)) return null;
    const options = complete(text, pos, known, isBare).map(optionOf);
    if (options.length === 0) return null;
    return { from: pos - (/[A-Za-z_$][\w$]*$/.exec(before)?.[0].length ?? 0), options, filter: false };
  };
  return autocompletion({
    override: [source],
    icons: false,
    maxRenderedOptions: LISTED,
    activateOnTypingDelay: 30,
  });
};

/** Takes expressions dragged from the data view. */
const drops = (isBare: boolean): Extension =>
  EditorView.domEventHandlers({
    drop(event, view) {
      const expression = draggedExpression(event.dataTransfer);
      if (expression === undefined || view.state.readOnly) return false;
      event.preventDefault();
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length;
      const insert = insertion(view.state.doc.toString(), at, expression, isBare);
      view.dispatch({ changes: { from: at, insert }, selection: { anchor: at + insert.length } });
      view.focus();
      return true;
    },
  });

/** Escape closes an open list of completions before it closes the dialog around. */
const escapes = EditorView.contentAttributes.of(
  (view): Record<string, string> =>
    completionStatus(view.state) === null ? {} : { 'data-mantine-stop-propagation': 'true' },
);

/** All that every editor has. */
export const common = (language: Language): Extension => [
  history(),
  drawSelection(),
  bracketMatching(),
  closeBrackets(),
  EditorState.languageData.of(() => [{ closeBrackets: { brackets: ['(', '[', '{'] } }]),
  EditorView.lineWrapping,
  tooltips({ parent: document.body, position: 'fixed' }),
  colouring(language),
  drops(language === 'expression'),
  escapes,
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
];
