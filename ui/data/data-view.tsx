import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Json } from '#shared/json.ts';
import { request } from '#ui/api/client.ts';
import { tell, tellError } from '#ui/kit/toast.ts';
import classes from './data-view.module.css';
import { DifferenceList } from './difference-list.tsx';
import { JsonText } from './json-text.tsx';
import { presentable } from './presentable.ts';
import { Rendered } from './rendered.tsx';
import { sizeOf, sizeText } from './size.ts';
import { withLoaded } from './stored.ts';
import { tableOf } from './table.ts';
import { Table } from './table.tsx';
import { Tree } from './tree.tsx';

export interface DataViewProps {
  value: Json;
  /** What the value is, for people: `Output`. */
  name?: string;
  /** The expression that reads the value, such as `steps.read.output`; without one nothing can be taken from it. */
  path?: string;
  /** Another value to compare with: that of another run. */
  other?: Json;
  /** Called with the expression of what is clicked; by default it is copied as a template. */
  onPick?(expression: string): void;
}

async function copyTemplate(expression: string): Promise<void> {
  const template = `{{ ${expression} }}`;
  try {
    await navigator.clipboard.writeText(template);
    tell(`Copied ${template.slice(0, 120)}`);
  } catch (thrown) {
    tellError('The expression could not be copied.', thrown);
  }
}

/** Values that are kept apart, loaded when asked for. */
function useLoaded() {
  const [loaded, setLoaded] = useState<ReadonlyMap<string, Json>>(new Map());
  const [loading, setLoading] = useState<ReadonlySet<string>>(new Set());
  const load = async (ref: string): Promise<void> => {
    setLoading((refs) => new Set(refs).add(ref));
    try {
      const value = (await request('get', '/api/blobs/:ref', { params: { ref } })) as Json;
      setLoaded((values) => new Map(values).set(ref, value));
    } catch (thrown) {
      tellError('The value could not be loaded.', thrown);
    } finally {
      setLoading((refs) => new Set([...refs].filter((one) => one !== ref)));
    }
  };
  return { loaded, loading, load: (ref: string) => void load(ref) };
}

const VIEWS = { tree: 'Tree', table: 'Table', rendered: 'Rendered', json: 'JSON', diff: 'Compare' } as const;
type View = keyof typeof VIEWS;

/** A value to look at: as a tree, a table, JSON, a page, or compared with another. Nothing in it can act. */
export function ValueView({ value: given, name = 'Data', path, other, onPick }: DataViewProps) {
  const { loaded, loading, load } = useLoaded();
  const value = useMemo(() => withLoaded(given, loaded), [given, loaded]);
  const table = useMemo(() => tableOf(value), [value]);
  const shown = useMemo(() => presentable(value), [value]);
  const size = useMemo(() => sizeText(sizeOf(value)), [value]);
  const [wanted, setView] = useState<View>('tree');
  const isThere: Record<View, boolean> = {
    tree: true,
    table: table !== undefined,
    rendered: shown !== undefined,
    json: true,
    diff: other !== undefined,
  };
  const view = isThere[wanted] ? wanted : 'tree';
  const views = (Object.keys(VIEWS) as View[]).filter((one) => isThere[one]);
  const pick = onPick ?? ((expression: string) => void copyTemplate(expression));
  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={`How ${name} is shown`}
          data={views.map((one) => ({ value: one, label: VIEWS[one] }))}
          value={view}
          onChange={(next) => setView(next as View)}
        />
        <span className={`${classes.size} numbers`}>{size}</span>
      </div>
      {view === 'tree' && <Tree {...{ value, name, path, loading }} onLoad={load} onPick={pick} />}
      {view === 'table' && table && <Table {...table} name={name} path={path} onPick={pick} />}
      {view === 'rendered' && shown && <Rendered shown={shown} name={name} />}
      {view === 'json' && <JsonText value={value} name={name} />}
      {view === 'diff' && other !== undefined && <DifferenceList value={value} other={other} name={name} />}
    </div>
  );
}

export { ValueView as DataView };
