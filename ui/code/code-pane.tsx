import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { CatalogAction } from '#shared/catalog/catalog.ts';
import type { Problem } from '#shared/definition/problem.ts';
import type { JsonObject } from '#shared/json.ts';
import { type Assistant, createAssistant, type Knowledge } from './assistant.ts';
import classes from './code-pane.module.css';
import type { Sample } from './complete-expression.ts';
import { diagnosticsOf, offsetOf } from './diagnostics.ts';
import { handedOn, writing } from './editor.ts';
import { edits } from './edits.ts';
import { languageSupport } from './language.ts';

/** The catalogue as `catalogQuery` gives it. */
export interface CodeCatalog {
  items: readonly CatalogAction[];
  triggers: readonly Sample[];
}

export interface CodePaneProps {
  text: string;
  /** A person has changed the text. Not called for changes that come in by `text`. */
  onChange(text: string): void;
  /** The focus has left the text. */
  onLeave?: (() => void) | undefined;
  problems: readonly Problem[];
  isReadOnly?: boolean | undefined;
  /** A place to show and focus, 1-based; again with every new `nonce`. */
  reveal?: { line: number; column?: number | undefined; nonce: number } | undefined;
  /** The cursor has moved to this offset. */
  onCursor?: ((offset: number) => void) | undefined;
  /** JSON Schema of the language (`schemaQuery`); without it nothing is completed. */
  schema: JsonObject | undefined;
  /** Action types and their parameters (`catalogQuery`). */
  catalog?: CodeCatalog | undefined;
  /** Mod+Z and Mod+Y or Mod+Shift+Z inside the editor, which has no undo of its own. */
  onUndo?: (() => void) | undefined;
  onRedo?: (() => void) | undefined;
}

/** Marks changes that come in from outside, which are nobody's typing. */
const outside = Annotation.define<true>();

const NO_ACTIONS: CodeCatalog = { items: [], triggers: [] };

const knowledgeOf = (schema: JsonObject | undefined, catalog = NO_ACTIONS): Knowledge | undefined =>
  schema && { grammar: { schema, actions: catalog.items }, samples: catalog.triggers };

const frozen = (isReadOnly: boolean) => [
  EditorState.readOnly.of(isReadOnly),
  EditorView.editable.of(!isReadOnly),
];

/** What the editor asks for while it lives: always the newest props. */
type Current = CodePaneProps & {
  /** Texts that were handed up and may still come back. */
  told: Set<string>;
};

/** Texts handed up that are remembered; a page that follows slower than this shows what it has. */
const MOST_TOLD = 50;

function remember(told: Set<string>, text: string): void {
  told.add(text);
  const [oldest] = told;
  if (told.size > MOST_TOLD && oldest !== undefined) told.delete(oldest);
}

function createEditor(
  parent: HTMLElement,
  current: { current: Current },
  assistant: { current: Assistant | undefined },
  locked: Compartment,
): EditorView {
  const { text, isReadOnly = false } = current.current;
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      handedOn(
        () => current.current.onUndo?.(),
        () => current.current.onRedo?.(),
      ),
      writing,
      languageSupport(() => assistant.current),
      locked.of(frozen(isReadOnly)),
      EditorView.domEventHandlers({ blur: () => current.current.onLeave?.() }),
      EditorView.contentAttributes.of({ 'aria-label': 'Definition as YAML', tabindex: '0' }),
      EditorView.updateListener.of(({ docChanged, selectionSet, transactions, state }) => {
        if (docChanged && !transactions.some((transaction) => transaction.annotation(outside))) {
          const written = state.doc.toString();
          remember(current.current.told, written);
          current.current.onChange(written);
        }
        if (docChanged || selectionSet) current.current.onCursor?.(state.selection.main.head);
      }),
    ],
  });
}

/** Brings the editor to a text that changed outside; one that the editor itself told of earlier is no news. */
function follow(view: EditorView, text: string, told: Set<string>): void {
  const shown = view.state.doc.toString();
  if (text === shown) {
    told.clear();
    return;
  }
  if (told.has(text)) return;
  told.clear();
  view.dispatch({ changes: edits(shown, text), annotations: outside.of(true) });
}

function show(view: EditorView, { line, column }: NonNullable<CodePaneProps['reveal']>): void {
  const anchor = offsetOf(view.state.doc, line, column);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
  view.focus();
}

/** An assistant that knows the schema and the catalogue; none until the schema is there. */
function useAssistant(schema: JsonObject | undefined, catalog: CodeCatalog | undefined) {
  const assistant = useRef<Assistant>(undefined);
  const knowledge = useMemo(() => knowledgeOf(schema, catalog), [schema, catalog]);
  useEffect(() => {
    if (!knowledge) return;
    const created = createAssistant(knowledge);
    assistant.current = created;
    return () => {
      created.close();
      assistant.current = undefined;
    };
  }, [knowledge]);
  return assistant;
}

/** The definition as text: YAML with highlighting, folding, search, completion, hover and problems in the margin. */
export function CodePane(props: CodePaneProps) {
  const { text, problems, isReadOnly = false, reveal, schema, catalog } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const locked = useRef(new Compartment());
  const told = useRef(new Set<string>());
  const assistant = useAssistant(schema, catalog);
  const current = useRef<Current>({ ...props, told: told.current });
  useLayoutEffect(() => {
    current.current = { ...props, told: told.current };
  });
  useLayoutEffect(() => {
    if (!box.current) return;
    const created = createEditor(box.current, current, assistant, locked.current);
    view.current = created;
    return () => created.destroy();
  }, [assistant]);
  useLayoutEffect(() => {
    if (view.current) follow(view.current, text, told.current);
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(frozen(isReadOnly)) });
  }, [isReadOnly]);
  useEffect(() => {
    const { state } = view.current ?? {};
    if (state) view.current?.dispatch(setDiagnostics(state, diagnosticsOf(state.doc, problems)));
  }, [problems]);
  // A place is shown once for each nonce, whatever else the object holds.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    if (view.current && reveal) show(view.current, reveal);
  }, [reveal?.nonce]);
  return <div ref={box} className={classes.pane} />;
}
