/** Whether a key press belongs to a text somebody is writing, or to a dialog or menu, and is no shortcut. */
export function isTyping({ target }: { target: EventTarget | null }): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role=textbox], [role=dialog], [role=menu], [role=listbox]') !==
      null
  );
}

/** Whether a key press works the control that has the focus, as Enter does a button. */
export const isPressing = ({ target, key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  (key === 'Enter' || key === ' ') &&
  !ctrlKey &&
  !metaKey &&
  target instanceof HTMLElement &&
  target.closest('button, a[href], summary, [role=button], [role=tab]') !== null;
