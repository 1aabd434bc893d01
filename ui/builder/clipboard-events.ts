import { useEffect } from 'react';
import type { JsonObject } from '#shared/json.ts';
import { isTyping } from '#ui/app/typing.ts';
import { copySteps } from '#ui/document/copying.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { removeSteps } from '#ui/document/steps.ts';
import { whenIdle } from '#ui/kit/late.ts';
import { tell, tellError } from '#ui/kit/toast.ts';
import { type EditingStore, useEditingStore } from './store.ts';

/** What reads and writes YAML is fetched when the page is idle, or when it is needed. */
const reading = () => import('#ui/document/steps-text.ts');
const pasting = () => import('#ui/document/clipboard.ts');

function chosen(store: EditingStore): string[] {
  const { history, selected } = store.getState();
  const { steps } = outlineOf(history.present.definition);
  return [...selected].filter((id) => steps.has(id));
}

type Copies = { definition: JsonObject; ids: string[] };

/** Puts copies into the draft and selects them. */
function putCopies({ getState }: EditingStore, change: (definition: JsonObject) => Copies): void {
  let ids: string[] = [];
  getState().edit((before) => {
    const copies = change(before);
    ids = copies.ids;
    return copies.definition;
  });
  getState().select(ids);
}

/** Copies the selected steps beside themselves. */
export async function duplicateChosen(store: EditingStore): Promise<void> {
  const ids = chosen(store);
  if (ids.length === 0) return;
  const { duplicateSteps } = await pasting();
  putCopies(store, (definition) => duplicateSteps(definition, ids));
}

async function paste(store: EditingStore, text: string): Promise<void> {
  const [{ readSteps }, { pasteSteps }] = await Promise.all([reading(), pasting()]);
  const steps = readSteps(text);
  if (!steps) {
    tell('The clipboard holds no steps.');
    return;
  }
  const { definition } = store.getState().history.present;
  const list = outlineOf(definition).steps.get(chosen(store)[0] ?? '')?.list.key ?? 'steps';
  putCopies(store, (before) => pasteSteps(before, steps, list));
}

const hasTextSelected = (): boolean => (getSelection()?.toString() ?? '') !== '';

/** Copies, cuts and pastes steps as YAML text, which works between workflows, browsers and editors. */
export function useClipboard(isOn: boolean): void {
  const store = useEditingStore();
  useEffect(() => {
    if (!isOn) return;
    // A copy cannot wait; JSON is YAML too, and does until the writer is here.
    let textOf = (steps: readonly JsonObject[]): string => JSON.stringify({ steps }, null, 2);
    const callOff = whenIdle([
      pasting,
      async () => {
        textOf = (await reading()).stepsText;
      },
    ]);
    const onCopy = (event: ClipboardEvent): void => {
      const ids = chosen(store);
      if (isTyping(event) || ids.length === 0 || hasTextSelected()) return;
      event.preventDefault();
      const steps = copySteps(store.getState().history.present.definition, ids);
      event.clipboardData?.setData('text/plain', textOf(steps));
      if (event.type === 'cut') store.getState().edit((definition) => removeSteps(definition, ids, true));
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isTyping(event)) return;
      event.preventDefault();
      paste(store, event.clipboardData?.getData('text/plain') ?? '').catch((thrown) =>
        tellError('Nothing was pasted', thrown),
      );
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      callOff();
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [store, isOn]);
}
