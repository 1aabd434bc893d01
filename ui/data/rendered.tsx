import classes from './data-view.module.css';
import { LONGEST } from './markdown.ts';
import { Markdown } from './markdown-view.tsx';
import type { Presentable } from './presentable.ts';
import { Scroll } from './scroll.tsx';

/** A text as a page, its Markdown laid out; or an image. */
export function Rendered({ shown, name }: { shown: Presentable; name: string }) {
  return (
    <Scroll label={`${name}: rendered`} isPage>
      {shown.type === 'image' ? (
        <img className={classes.image} src={shown.source} alt={`The content of ${name}`} />
      ) : (
        <>
          <Markdown text={shown.text} />
          {shown.text.length > LONGEST && <p className={classes.count}>The rest is in the view JSON.</p>}
        </>
      )}
    </Scroll>
  );
}
