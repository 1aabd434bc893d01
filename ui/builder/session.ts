import { useEffect, useState } from 'react';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { request } from '#ui/api/client.ts';
import type { Snapshot } from '#ui/document/history.ts';
import { Texts } from '#ui/document/texts.ts';
import { tell, tellError } from '#ui/kit/toast.ts';
import { recall } from './journal.ts';
import { Reader } from './reader.ts';
import { Saver, type Saving, type Server } from './saver.ts';
import { createEditing, type EditingStore } from './store.ts';

/** A draft being edited: its state, its texts, and what saves it. */
export interface Session {
  store: EditingStore;
  texts: Texts;
  reader: Reader;
  saver: Saver;
  /** The workflow as the server has it. */
  view: WorkflowView;
}

/** A draft as the server has read it, which spares the page the reading; undefined where its text has errors. */
const readAlready = ({ draft, problems }: WorkflowView): JsonObject | undefined =>
  problems.some(({ code }) => code.startsWith('source.')) ? undefined : (draft?.definition ?? undefined);

async function serverOf(view: WorkflowView, texts: Texts): Promise<Server & { broken?: string }> {
  const text = view.draft?.source ?? view.source;
  const definition = readAlready(view) ?? (await texts.read(text));
  if (definition) return { text, definition, revision: view.revision };
  return { text, definition: view.definition, revision: view.revision, broken: text };
}

/** The draft to begin with: what this browser kept and the server never got, or what the server has. */
async function startOf(id: string, server: Server & { broken?: string }, texts: Texts) {
  const { text, definition, broken } = server;
  const fromServer: Snapshot = {
    definition,
    origin: { text, definition },
    ...(broken !== undefined && { broken }),
  };
  const kept = recall(id);
  if (!kept) return { fromServer };
  const origin = { text: kept.originText, definition: (await texts.read(kept.originText)) ?? {} };
  const snapshot: Snapshot = {
    definition: kept.definition,
    origin,
    ...(kept.unread !== undefined && { broken: kept.unread }),
  };
  const isNews = (await texts.of(snapshot)) !== text;
  return isNews
    ? { fromServer, kept: { snapshot, revision: kept.revision, baseText: kept.baseText } }
    : { fromServer };
}

interface Watchers {
  onSaving(saving: Saving): void;
  onView(view: WorkflowView): void;
}

async function open(id: string, texts: Texts, { onSaving, onView }: Watchers): Promise<Session> {
  const view = await request('get', '/api/workflows/:id', { params: { id } });
  const latest = await serverOf(view, texts);
  const { fromServer, kept } = await startOf(id, latest, texts);
  const store = createEditing(fromServer);
  // What was kept was made from an older revision, perhaps: then saving finds that out and merges.
  const base = kept && (await texts.read(kept.baseText));
  const server = kept && base ? { text: kept.baseText, definition: base, revision: kept.revision } : latest;
  const reader = new Reader(store, texts);
  const saver = new Saver({
    id,
    store,
    texts,
    reader,
    server,
    onChange: onSaving,
    onMerged: () => tell('Somebody else has changed this workflow. Both changes are in the draft now.'),
    onSaved: onView,
  });
  if (kept) {
    const { definition, origin, broken } = kept.snapshot;
    if (broken !== undefined) store.getState().write(broken, await texts.read(broken));
    else store.getState().replace(origin, definition);
    tell('Changes that had not reached the server are back.');
  }
  return { store, texts, reader, saver, view };
}

/** Opens a workflow's draft for editing, and saves what is left when the page is left. */
export function useSession(id: string) {
  const [session, setSession] = useState<Session>();
  const [saving, setSaving] = useState<Saving>({ kind: 'saved', at: undefined });
  const [view, setView] = useState<WorkflowView>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let isLeft = false;
    const texts = new Texts();
    const opened = open(id, texts, { onSaving: setSaving, onView: setView });
    opened.then(
      (next) => {
        if (isLeft) return;
        setSession(next);
        setView(next.view);
      },
      (thrown: Error) => !isLeft && setError(thrown),
    );
    return () => {
      isLeft = true;
      void opened
        .then(
          ({ saver, reader }) => saver.close().finally(() => reader.close()),
          // It was never opened, which is said above; there is nothing to save.
          () => undefined,
        )
        .catch((thrown) =>
          tellError('The last changes were not saved; they are kept in this browser', thrown),
        )
        .finally(() => texts.close());
    };
  }, [id]);
  return { session, saving, view, setView, error };
}
