import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { JsonObject } from '#shared/json.ts';
import { schemaQuery } from '#ui/api/queries.ts';
import { asWritten, type Texts } from '#ui/document/texts.ts';
import { tellError } from '#ui/kit/toast.ts';
import type { Session } from './session.ts';
import { useEditing } from './store.ts';
import type { CatalogAnswer } from './templates.ts';

const CodePane = lazy(async () => ({ default: (await import('#ui/code/code-pane.tsx')).CodePane }));

export interface Reveal {
  line: number;
  column?: number | undefined;
  nonce: number;
}

/** The text of the draft, following what is done on the canvas and what is typed. */
function useText(texts: Texts): string | undefined {
  const typed = useEditing((state) => state.typed);
  const present = useEditing(({ history }) => history.present);
  const [written, setWritten] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    texts.of(present).then(
      (next) => isCurrent && setWritten(next),
      (thrown) => tellError('The text could not be written', thrown),
    );
    return () => {
      isCurrent = false;
    };
  }, [present, texts]);
  return typed ?? asWritten(present) ?? written;
}

interface CodeViewProps {
  session: Session;
  catalog: CatalogAnswer | undefined;
  reveal: Reveal | undefined;
}

/** The draft as text. */
export function CodeView({ session: { texts, reader }, catalog, reveal }: CodeViewProps) {
  const text = useText(texts);
  const { data: schema } = useQuery(schemaQuery);
  const { problems, type, undo, redo } = useEditing((state) => state);
  /** What is typed counts at once, so that undo begins with it and nothing else comes before it. */
  const settled = (then?: () => void): void =>
    void reader.settle().then(then, (thrown) => tellError('The text could not be read', thrown));
  if (text === undefined) return <Skeleton h="100%" />;
  return (
    <Suspense fallback={<Skeleton h="100%" />}>
      <CodePane
        text={text}
        onChange={type}
        onLeave={() => settled()}
        problems={problems}
        reveal={reveal}
        schema={schema as JsonObject | undefined}
        catalog={catalog}
        onUndo={() => settled(undo)}
        onRedo={() => settled(redo)}
      />
    </Suspense>
  );
}
