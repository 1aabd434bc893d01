import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Difference } from '#shared/definition/diff.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { catalogQuery } from '#ui/api/queries.ts';
import { facesOf } from '#ui/builder/faces.ts';
import { Canvas } from '#ui/canvas/canvas.tsx';
import { outlineOf } from '#ui/document/outline.ts';
import { ChangeList } from './change-list.tsx';
import { changesAt, stepMarks } from './changes.ts';
import { united } from './united.ts';
import classes from './versions.module.css';

const NOTHING: ReadonlySet<string> = new Set();

interface DrawnProps {
  before: Workflow;
  after: Workflow;
  differences: readonly Difference[];
}

/** Two definitions on one canvas: what came, what went and what changed, each where it stands. */
export function Drawn({ before, after, differences }: DrawnProps) {
  const { data: catalog } = useQuery(catalogQuery);
  const [selected, select] = useState<string>();
  const { definition, edges } = useMemo(
    () => united(before as unknown as JsonObject, after as unknown as JsonObject),
    [before, after],
  );
  const shared = useMemo(() => {
    const steps = [...stepMarks(differences)].map(([id, change]) => [id, { change }] as const);
    return { overlay: { steps: new Map(steps), edges }, faceOf: facesOf(catalog) };
  }, [differences, edges, catalog]);
  const chosen = useMemo(() => (selected === undefined ? NOTHING : new Set([selected])), [selected]);
  const { steps } = outlineOf(definition);
  return (
    <div className={classes.drawn}>
      <Canvas
        definition={definition}
        shared={shared}
        selected={chosen}
        collapsed={NOTHING}
        onSelect={(ids) => {
          const next = [...ids].filter((id) => steps.has(id));
          select(next.find((id) => !chosen.has(id)) ?? next[0]);
        }}
      />
      <section className={classes.about} aria-label="What changed in the step">
        <AboutStep
          name={selected === undefined ? undefined : steps.get(selected)?.name}
          differences={selected === undefined ? [] : changesAt(selected, differences)}
        />
      </section>
    </div>
  );
}

function AboutStep({ name, differences }: { name: string | undefined; differences: readonly Difference[] }) {
  if (name === undefined) return <p className={classes.meta}>Select a step to see what changed in it.</p>;
  return (
    <>
      <h3 className={`${classes.aboutName} inert`}>{name}</h3>
      <ChangeList changes={differences} />
    </>
  );
}
