import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, Prec, Transaction } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { common, completion } from './editor-extensions.ts';
import { editorTheme, tooltipTheme } from './editor-theme.ts';
import type { EditorProps } from './lazy-editor.tsx';

/** What changes while the editor stays. */
type Changing = Pick<EditorProps, 'isReadOnly' | 'label' | 'describedBy' | 'placeholder'> & {
  isInvalid: boolean;
};

function changing({ isReadOnly, label, describedBy, placeholder = '', isInvalid }: Changing): Extension {
  return [
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(!isReadOnly),
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(isReadOnly && { 'aria-readonly': 'true', tabindex: '0' }),
      ...(describedBy !== undefined && { 'aria-describedby': describedBy }),
      ...(isInvalid && { 'aria-invalid': 'true' }),
    }),
    placeholderOf(placeholder),
  ];
}

const keysOf = (props: () => EditorProps): Extension =>
  Prec.highest(
    keymap.of([
      {
        key: 'Mod-Enter',
        run: () => {
          const { onSubmit } = props();
          onSubmit?.();
          return onSubmit !== undefined;
        },
      },
    ]),
  );

/** One-line fields take no line breaks by key; what is pasted or written elsewhere keeps its own. */
const lines = (props: () => EditorProps): Extension =>
  keymap.of([{ key: 'Enter', run: () => (props().rows ?? 1) === 1 }]);

function makeView(parent: HTMLElement, props: () => EditorProps, settings: Compartment): EditorView {
  const { value, language, caret } = props();
  const report = EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
    const isRemote = transactions.some((transaction) => transaction.annotation(Transaction.remote));
    if (docChanged && !isRemote) props().onChange(state.doc.toString());
    if (docChanged || selectionSet) props().onCaret?.(state.selection.main.head);
  });
  const extensions = [
    keysOf(props),
    completion(() => props().scope, language === 'expression'),
    lines(props),
    common(language),
    settings.of(changing({ ...props(), isInvalid: false })),
    // A dialog gives the focus to what asks for it.
    EditorView.contentAttributes.of(
      (): Record<string, string> => (caret === undefined ? {} : { 'data-autofocus': 'true' }),
    ),
    report,
    editorTheme,
    tooltipTheme,
  ];
  return new EditorView({ parent, state: EditorState.create({ doc: value, extensions }) });
}

/** Brings in a value that was changed elsewhere, leaving the caret where it is. */
function adopt(view: EditorView, value: string): void {
  const old = view.state.doc.toString();
  if (old === value) return;
  let from = 0;
  while (from < old.length && from < value.length && old[from] === value[from]) from++;
  let end = 0;
  const longest = Math.min(old.length, value.length) - from;
  while (end < longest && old[old.length - 1 - end] === value[value.length - 1 - end]) end++;
  const changes = { from, to: old.length - end, insert: value.slice(from, value.length - end) };
  view.dispatch({ changes, annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)] });
}

function markError(view: EditorView, position: number, message: string | undefined): void {
  const { length } = view.state.doc;
  const from = Math.min(position, Math.max(0, length - 1));
  const to = Math.min(length, from + 1);
  const found = message !== undefined && to > from ? [{ from, to, severity: 'error' as const, message }] : [];
  view.dispatch(setDiagnostics(view.state, found));
}

/** The editor itself: text with colours, completion and an error marked in place. Loaded when first needed. */
export function Editor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const held = useRef<{ view: EditorView; settings: Compartment }>(undefined);
  latest.current = props;
  const { value, isReadOnly, label, describedBy, placeholder, error, language } = props;

  useLayoutEffect(() => {
    if (!host.current) return;
    const settings = new Compartment();
    const view = makeView(host.current, () => latest.current, settings);
    held.current = { view, settings };
    const { caret } = latest.current;
    if (caret !== undefined) {
      view.focus();
      view.dispatch({ selection: { anchor: Math.min(caret, view.state.doc.length) } });
    }
    return () => view.destroy();
  }, []);

  useLayoutEffect(() => {
    if (held.current) adopt(held.current.view, value);
  }, [value]);

  const isInvalid = error !== undefined;
  useEffect(() => {
    const { view, settings } = held.current ?? {};
    const next = changing({ isReadOnly, label, describedBy, placeholder, isInvalid });
    view?.dispatch({ effects: settings?.reconfigure(next) ?? [] });
  }, [isReadOnly, label, describedBy, placeholder, isInvalid]);

  const { position = 0, message } = error ?? {};
  useEffect(() => {
    if (held.current) markError(held.current.view, position, message);
  }, [position, message]);

  return <div ref={host} data-language={language} />;
}
