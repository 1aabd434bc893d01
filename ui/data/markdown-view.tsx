import { useMemo } from 'react';
import classes from './markdown.module.css';
import { type Block, blocksOf, type Run } from './markdown.ts';

/* Runs and blocks have no names of their own, and never change places. */
const numbered = <T,>(items: readonly T[]): { item: T; key: number }[] =>
  items.map((item, key) => ({ item, key }));

function Runs({ runs }: { runs: Run[] }) {
  return numbered(runs).map(({ item: { text, style }, key }) => {
    if (style === 'strong') return <strong key={key}>{text}</strong>;
    if (style === 'emphasis') return <em key={key}>{text}</em>;
    return style === 'code' ? <code key={key}>{text}</code> : <span key={key}>{text}</span>;
  });
}

function BlockView({ block }: { block: Block }) {
  switch (block.type) {
    case 'heading':
      return (
        <div className={classes.heading} style={{ fontSize: 19 - block.level }}>
          <Runs runs={block.runs} />
        </div>
      );
    case 'paragraph':
      return (
        <p>
          <Runs runs={block.runs} />
        </p>
      );
    case 'quote':
      return (
        <blockquote>
          <Runs runs={block.runs} />
        </blockquote>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'rule':
      return <hr />;
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul';
      return (
        <List>
          {numbered(block.items).map(({ item, key }) => (
            <li key={key}>
              <Runs runs={item} />
            </li>
          ))}
        </List>
      );
    }
  }
}

/** Markdown laid out: markup in it is text, and nothing in it leads away. Whether its line breaks show is up to the style around it. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div className={classes.markdown}>
      {numbered(blocks).map(({ item, key }) => (
        <BlockView key={key} block={item} />
      ))}
    </div>
  );
}
