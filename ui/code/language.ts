import {
  autocompletion,
  type Completion as CmCompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { Assistant } from './assistant.ts';
import type { Choice } from './complete.ts';

const asCompletion = ({ label, insert, detail, info, isFirst }: Choice): CmCompletion => ({
  label,
  boost: isFirst ? 1 : 0,
  ...(insert !== undefined && { apply: insert }),
  ...(detail !== undefined && { detail }),
  ...(info !== undefined && { info }),
});

/** Where something is worth offering unasked: after a word has begun, or right behind what calls for one. */
const CALLS_FOR_MORE = /(?:[\w-]|\.|\{\{ ?|: |- )$/;

async function completionAt(
  assistant: Assistant,
  { state, pos, explicit }: CompletionContext,
): Promise<CompletionResult | null> {
  const line = state.doc.lineAt(pos);
  if (!explicit && !CALLS_FOR_MORE.test(line.text.slice(0, pos - line.from))) return null;
  const found = await assistant.complete(state.doc.toString(), pos);
  return found ? { from: found.from, options: found.choices.map(asCompletion), validFor: /^[\w.-]*$/ } : null;
}

function hint(lines: string[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'code-hint inert';
  for (const text of lines) {
    const line = document.createElement('div');
    line.textContent = text;
    box.append(line);
  }
  return box;
}

async function hintAt(
  assistant: Assistant,
  { state }: EditorView,
  position: number,
): Promise<Tooltip | null> {
  const { from: start, text } = state.doc.lineAt(position);
  const before = /[\w.-]*$/.exec(text.slice(0, position - start))?.[0].length ?? 0;
  const after = /^[\w.-]*/.exec(text.slice(position - start))?.[0].length ?? 0;
  if (before + after === 0) return null;
  const lines = await assistant.explain(state.doc.toString(), position + after);
  return lines.length === 0
    ? null
    : { pos: position - before, end: position + after, create: () => ({ dom: hint(lines) }) };
}

/** Completion and hover for definitions; `current` is asked each time, for the assistant may come later. */
export const languageSupport = (current: () => Assistant | undefined): Extension => [
  autocompletion({
    override: [
      async (context) => {
        const assistant = current();
        return assistant ? completionAt(assistant, context) : null;
      },
    ],
    icons: false,
  }),
  hoverTooltip(async (view, position) => {
    const assistant = current();
    return assistant ? hintAt(assistant, view, position) : null;
  }),
];
