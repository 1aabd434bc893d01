import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { JsonObject } from '#shared/json.ts';
import { schemaQuery } from '#ui/api/queries.ts';
import type { Texts } from '#ui/document/texts.ts';
import { tellError } from '#ui/kit/toast.ts';
import { useEditing, useEditingStore } from './store.ts';
import type { CatalogAnswer } from './templates.ts';

const CodePane = lazy(async () => ({ default: (await import('#ui/code/code-pane.tsx')).CodePane }));

/** Quiet time after typing before the text is read, in milliseconds. */
const QUIET = 250;

export interface Reveal {
  line: number;
  column?: number | undefined;
  nonce: number;
}

/** The text of the draft, following what is done on the canvas; and the draft, following what is typed here. */
function useText(texts: Texts) {
  const store = useEditingStore();
  const present = useEditing(({ history }) => history.present);
  const [text, setText] = useState<string>();
  const typed = useRef<{ text: string; timer: ReturnType<typeof setTimeout> } | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    texts.of(present).then(
      (next) => isCurrent && typed.current === undefined && setText(next),
      (thrown) => tellError('The text could not be written', thrown),
    );
    return () => {
      isCurrent = false;
    };
  }, [present, texts]);
  const take = async (): Promise<void> => {
    const taken = typed.current?.text;
    if (taken === undefined) return;
    const definition = await texts.read(taken);
    if (typed.current?.text !== taken) return;
    typed.current = undefined;
    store.getState().write(taken, definition);
  };
  const onChange = (next: string): void => {
    clearTimeout(typed.current?.timer);
    setText(next);
    typed.current = { text: next, timer: setTimeout(() => void take(), QUIET) };
  };
  /** What is typed counts at once, so that undo begins with it. */
  const settled = (then: () => void): void => {
    clearTimeout(typed.current?.timer);
    void take().then(then, (thrown) => tellError('The text could not be read', thrown));
  };
  return { text, onChange, settled };
}

/** The draft as text. */
export function CodeView({
  texts,
  catalog,
  reveal,
}: {
  texts: Texts;
  catalog: CatalogAnswer | undefined;
  reveal: Reveal | undefined;
}) {
  const { text, onChange, settled } = useText(texts);
  const { data: schema } = useQuery(schemaQuery);
  const { problems, undo, redo } = useEditing((state) => state);
  if (text === undefined) return <Skeleton h="100%" />;
  return (
    <Suspense fallback={<Skeleton h="100%" />}>
      <CodePane
        text={text}
        onChange={onChange}
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
