import { expressionStart } from './place.ts';

/** The type under which an expression is dragged, without braces around it. */
export const EXPRESSION_TYPE = 'text/x-acas-expression';

/** What is written where an expression is put into a text: itself inside of braces, with braces outside of them. */
export const insertion = (text: string, position: number, expression: string, isBare = false): string =>
  expressionStart(text, position, isBare) === undefined ? `{{ ${expression} }}` : expression;

/** A text with an expression put in, and where the caret is then. */
export function inserted(
  text: string,
  position: number,
  expression: string,
  isBare = false,
): { text: string; caret: number } {
  const piece = insertion(text, position, expression, isBare);
  return { text: text.slice(0, position) + piece + text.slice(position), caret: position + piece.length };
}

/** The expression that is being dragged, or undefined where it is something else. */
export function draggedExpression(transfer: DataTransfer | null): string | undefined {
  const text = transfer?.getData(EXPRESSION_TYPE);
  return text === undefined || text === '' ? undefined : text;
}
