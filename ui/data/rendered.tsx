import { useMemo } from 'react';
import classes from './data-view.module.css';
import { type Block, blocksOf, LONGEST, type Run } from './markdown.ts';
import type { Presentable } from './presentable.ts';
import { Scroll } from './scroll.tsx';

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

/** A text as a page: its Markdown laid out, its markup as text, nothing in it that leads away; or an image. */
export function Rendered({ shown, name }: { shown: Presentable; name: string }) {
  const text = shown.type === 'text' ? shown.text : '';
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <Scroll label={`${name}: rendered`} isPage>
      {shown.type === 'image' && (
        <img className={classes.image} src={shown.source} alt={`The content of ${name}`} />
      )}
      {numbered(blocks).map(({ item, key }) => (
        <BlockView key={key} block={item} />
      ))}
      {text.length > LONGEST && <p className={classes.count}>The rest is in the view JSON.</p>}
    </Scroll>
  );
}
