import { Group, Loader, Select, Tabs } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { useChecker } from '#ui/check/use-checker.ts';
import { late } from '#ui/kit/late.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { ChangeList } from './change-list.tsx';
import { Drawn } from './drawn.tsx';
import { type Comparison, useComparison } from './use-comparison.ts';
import classes from './versions.module.css';

const TextDiff = late(async () => (await import('./text-diff.tsx')).TextDiff);

/** What stands for the draft beside the numbers of versions. */
export const DRAFT = 'draft';

const labelOf = (side: string): string => (side === DRAFT ? 'Draft' : `Version ${side}`);

/** What is compared with what: numbers of versions, or the draft. */
export interface Sides {
  before: string;
  after: string;
}

/** The two sides that are compared, each to be chosen. */
export function SideChoice({
  sides: { before, after },
  choices,
  onChange,
}: {
  sides: Sides;
  choices: string[];
  onChange(sides: Sides): void;
}) {
  const data = choices.map((value) => ({ value, label: labelOf(value) }));
  return (
    <Group gap="sm" wrap="nowrap" align="end">
      <Select
        label="Compare"
        data={data}
        value={before}
        allowDeselect={false}
        onChange={(value) => onChange({ before: value ?? before, after })}
      />
      <Select
        label="with"
        data={data}
        value={after}
        allowDeselect={false}
        onChange={(value) => onChange({ before, after: value ?? after })}
      />
    </Group>
  );
}

type Found = NonNullable<Comparison['found']>;

/** What is shown of a comparison, or why it cannot be. */
function Meaning({
  comparison,
  children,
}: {
  comparison: Comparison | undefined;
  children(found: Found): ReactNode;
}) {
  if (!comparison) return <Loader size="sm" aria-label="Comparing" />;
  const { found, error } = comparison;
  if (found) return children(found);
  return error === undefined ? (
    <Notice
      title="These cannot be compared step by step"
      detail="One of them is no complete definition. Compare them as text, or mend its problems first."
    />
  ) : (
    <Notice kind="error" title="The comparison failed" detail={`${error} Compare them as text.`} />
  );
}

/** What two texts differ in: in words, on the canvas, and as text. */
export function Compared({ sides, texts }: { sides: Sides; texts: Map<string, string> }) {
  const [before, after] = [texts.get(sides.before), texts.get(sides.after)];
  const comparison = useComparison(useChecker(), before, after);
  if (before === undefined || after === undefined) return null;
  return (
    <Tabs defaultValue="changes" keepMounted={false} className={classes.compare} flex={1} mih={0}>
      <Tabs.List>
        <Tabs.Tab value="changes">Changes</Tabs.Tab>
        <Tabs.Tab value="canvas">Canvas</Tabs.Tab>
        <Tabs.Tab value="text">Text</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="changes" className={classes.panel} tabIndex={0}>
        <Meaning comparison={comparison}>{({ differences }) => <ChangeList changes={differences} />}</Meaning>
      </Tabs.Panel>
      <Tabs.Panel value="canvas" className={classes.panel}>
        <Meaning comparison={comparison}>{(found) => <Drawn {...found} />}</Meaning>
      </Tabs.Panel>
      <Tabs.Panel value="text" className={classes.panel}>
        <Suspense fallback={<Loader size="sm" aria-label="Loading the comparison" />}>
          <TextDiff
            before={before}
            after={after}
            beforeLabel={labelOf(sides.before)}
            afterLabel={labelOf(sides.after)}
          />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}
