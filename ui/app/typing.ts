/** Whether a key press belongs to a text somebody is writing, or to a dialog or menu, and is no shortcut. */
export function isTyping({ target }: { target: EventTarget | null }): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role=textbox], [role=dialog], [role=menu], [role=listbox]') !==
      null
  );
}
