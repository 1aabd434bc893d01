import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Json } from '#shared/json.ts';
import classes from './data-view.module.css';
import { Scroll } from './scroll.tsx';
import { sizeText } from './size.ts';

/** Characters shown at first, and with each "show more". */
const PAGE = 50_000;

/** A value as indented JSON, a part at a time. */
export function JsonText({ value, name }: { value: Json; name: string }) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const [count, setCount] = useState(PAGE);
  return (
    <Scroll label={`${name}: JSON`}>
      <pre className={`${classes.pre} inert`}>{text.slice(0, count)}</pre>
      {text.length > count && (
        <div className={classes.more}>
          <Button variant="subtle" size="compact-xs" onClick={() => setCount(count + 5 * PAGE)}>
            Show more, {sizeText(text.length - count)} left
          </Button>
        </div>
      )}
    </Scroll>
  );
}
