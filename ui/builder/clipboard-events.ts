import { useEffect } from 'react';
import { isTyping } from '#ui/app/typing.ts';
import { copySteps, pasteSteps, readSteps } from '#ui/document/clipboard.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { removeSteps } from '#ui/document/steps.ts';
import { tell } from '#ui/kit/toast.ts';
import { type EditingStore, useEditingStore } from './store.ts';

function chosen(store: EditingStore): string[] {
  const { history, selected } = store.getState();
  const { steps } = outlineOf(history.present.definition);
  return [...selected].filter((id) => steps.has(id));
}

const hasTextSelected = (): boolean => (getSelection()?.toString() ?? '') !== '';

/** Copies, cuts and pastes steps as YAML text, which works between workflows, browsers and editors. */
export function useClipboard(isOn: boolean): void {
  const store = useEditingStore();
  useEffect(() => {
    if (!isOn) return;
    const onCopy = (event: ClipboardEvent): void => {
      const ids = chosen(store);
      if (isTyping(event) || ids.length === 0 || hasTextSelected()) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', copySteps(store.getState().history.present.definition, ids));
      if (event.type === 'cut') store.getState().edit((definition) => removeSteps(definition, ids, true));
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isTyping(event)) return;
      const steps = readSteps(event.clipboardData?.getData('text/plain') ?? '');
      if (!steps) {
        tell('The clipboard holds no steps.');
        return;
      }
      event.preventDefault();
      const { edit, select, history } = store.getState();
      const list =
        outlineOf(history.present.definition).steps.get(chosen(store)[0] ?? '')?.list.key ?? 'steps';
      let pasted: string[] = [];
      edit((definition) => {
        const result = pasteSteps(definition, steps, list);
        pasted = result.ids;
        return result.definition;
      });
      select(pasted);
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [store, isOn]);
}
