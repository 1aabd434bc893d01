/** A text and where the caret stands in it. */
export interface Opened {
  text: string;
  caret: number;
}

/** An expression to be written: where an empty field turns into one. */
export const EMPTY: Opened = { text: '{{  }}', caret: 3 };

/**
 * What a field holds after a key press that began an expression: `{{` is closed, with the caret inside. Undefined
 * where the key press began none.
 */
export function opened(before: string, after: string, caret: number): Opened | undefined {
  if (before === '' && after === '=') return EMPTY;
  if (before.includes('{{') || !after.includes('{{')) return undefined;
  const isTyped = after.slice(0, caret).endsWith('{{') && after.length === before.length + 1;
  if (!isTyped || after.slice(caret).includes('}}')) return { text: after, caret };
  const rest = after.slice(caret).replace(/^\}/, '');
  return { text: `${after.slice(0, caret)}  }}${rest}`, caret: caret + 1 };
}
