import { syntaxTree } from '@codemirror/language';
import { type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Classes by the name of the syntax node. */
const CLASSES: Record<string, string> = {
  Key: 'code-key',
  Comment: 'code-comment',
  QuotedLiteral: 'code-text',
  BlockLiteralHeader: 'code-mark',
  BlockLiteralContent: 'code-text',
  Anchor: 'code-mark',
  Alias: 'code-mark',
  Tag: 'code-mark',
  DirectiveName: 'code-mark',
};

const CONSTANT = /^(?:true|false|null|~|[-+]?\d[\d_]*(?:\.\d+)?(?:ms|s|m|h|d)?)$/;
const TEMPLATE = /\{\{(?:[^}]|\}(?!\}))*\}\}/g;

interface Mark {
  from: number;
  to: number;
  className: string;
}

function marksIn(view: EditorView, from: number, to: number): Mark[] {
  const found: Mark[] = [];
  const { doc } = view.state;
  syntaxTree(view.state).iterate({
    from,
    to,
    enter: ({ name, from: start, to: end, node }) => {
      const isKey = name === 'Literal' && node.parent?.name === 'Key';
      const own = name === 'Literal' && !isKey && CONSTANT.test(doc.sliceString(start, end));
      const className = own ? 'code-constant' : CLASSES[name];
      if (className !== undefined && !(name === 'QuotedLiteral' && node.parent?.name === 'Key'))
        found.push({ from: start, to: end, className });
    },
  });
  for (const { index, 0: text } of doc.sliceString(from, to).matchAll(TEMPLATE))
    found.push({ from: from + index, to: from + index + text.length, className: 'code-expression' });
  return found;
}

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const marks = view.visibleRanges.flatMap(({ from, to }) => marksIn(view, from, to));
  marks.sort((a, b) => a.from - b.from || b.to - a.to);
  for (const { from, to, className } of marks) builder.add(from, to, Decoration.mark({ class: className }));
  return builder.finish();
}

/** Colours keys, texts, constants, comments and expressions; the colours are those of the page. */
export const highlight: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update({ docChanged, viewportChanged, startState, state, view }: ViewUpdate): void {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = decorate(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
