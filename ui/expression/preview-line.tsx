import { Tooltip } from '@mantine/core';
import classes from './expression-field.module.css';
import { brief } from './known.ts';
import type { Preview } from './preview.ts';

/** What a field gives, in one line that is there from the start. */
export function PreviewLine({ preview, id }: { preview: Preview | undefined; id?: string }) {
  if (!preview) return <div id={id} className={classes.result} />;
  if ('value' in preview) {
    return (
      <div id={id} className={`${classes.result} ${classes.mono}`} data-kind="value">
        <span aria-hidden>=</span>
        <span className="one-line inert">{brief(preview.value)}</span>
      </div>
    );
  }
  const isError = 'error' in preview;
  const text = isError ? preview.error : preview.unknown;
  return (
    <Tooltip
      label={isError && preview.fix !== undefined ? `${text} ${preview.fix}` : text}
      position="bottom-start"
    >
      <div id={id} className={classes.result} data-kind={isError ? 'error' : 'unknown'}>
        <span aria-hidden>{isError ? '✕' : '◌'}</span>
        <span className="one-line inert">{isError ? `Error: ${text}` : text}</span>
      </div>
    </Tooltip>
  );
}
