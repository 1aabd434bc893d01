import { Loader, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { request } from '#ui/api/client.ts';
import { Boundary } from '#ui/app/boundary.tsx';
import { late, whenIdle } from '#ui/kit/late.ts';
import { tell, tellError } from '#ui/kit/toast.ts';
import type { ExecuteMode } from '#ui/trying/execute-dialog.tsx';
import type { Reveal } from './code-view.tsx';
import { pinnable } from './pinning.ts';
import type { Known } from './scope.ts';
import type { Session } from './session.ts';
import { aligned, lastOf, pinned, pinOf } from './step-edits.ts';
import type { PlacedProblem } from './store.ts';

const Versions = late(async () => (await import('#ui/versions/versions.tsx')).Versions);
const Publish = late(async () => (await import('./dialogs.tsx')).Publish);
const Execute = late(async () => (await import('./dialogs.tsx')).Execute);

/** What is done around the canvas; the same functions as long as the workflow is. */
export interface PageActions {
  run(): void;
  tryStep(id: string): void;
  runUntil(id: string): void;
  publish(): void;
  versions(): void;
  save(): void;
  togglePin(id: string): void;
  align(ids: readonly string[], axis: 'x' | 'y'): void;
  openProblem(problem: PlacedProblem): void;
}

/** What can be done, and the dialog that is open for it. */
export interface Dialogs {
  actions: PageActions;
  shown: ReactNode;
  reveal: Reveal | undefined;
  enable(isEnabled: boolean): void;
}

interface Given {
  session: Session;
  view: WorkflowView;
  setView: (view: WorkflowView) => void;
  known: Known;
  onFollow: (executionId: string) => void;
}

type Open =
  | { kind: 'publish' }
  | { kind: 'versions'; text: string }
  | { kind: 'execute'; mode: ExecuteMode }
  | undefined;

function usePublishing({ session, view, setView }: Given, close: () => void) {
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const publish = async (note: string): Promise<void> => {
    setBusy(true);
    try {
      await session.saver.flush();
      const { revision } = session.saver.server;
      const next = await request('post', '/api/workflows/:id/publish', {
        params: { id: view.id },
        body: { note, revision },
      });
      session.saver.adopt(next.revision);
      setView(next);
      close();
      tell(`Version ${next.publishedVersion} is published.`);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['workflows'] }),
        client.invalidateQueries({ queryKey: ['versions', view.id] }),
      ]);
    } catch (thrown) {
      tellError('The draft was not published', thrown);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, publish };
}

async function enable({ session, view, setView }: Given, isEnabled: boolean): Promise<void> {
  try {
    const path = isEnabled ? '/api/workflows/:id/enable' : '/api/workflows/:id/disable';
    const next = await request('post', path, { params: { id: view.id } });
    session.saver.adopt(next.revision);
    setView(next);
  } catch (thrown) {
    tellError(`The workflow was not ${isEnabled ? 'enabled' : 'disabled'}`, thrown);
  }
}

async function togglePin({ session: { store }, known: { lastRun } }: Given, id: string): Promise<void> {
  const { history, edit } = store.getState();
  if (pinOf(history.present.definition, id) !== undefined) {
    edit((definition) => pinned(definition, id, undefined));
    return;
  }
  try {
    const output = await pinnable(lastOf(lastRun, id)?.output ?? {});
    edit((definition) => pinned(definition, id, output));
  } catch (thrown) {
    tellError('The output was not pinned', thrown);
  }
}

/** Everything the page does, with stable functions, so that commands are offered once. */
function actionsFor(
  given: Given,
  setOpen: (open: Open) => void,
  setReveal: (reveal: Reveal) => void,
): PageActions {
  const { session } = given;
  const state = () => session.store.getState();
  const saved = (then: () => void): void =>
    void session.saver.flush().then(then, (thrown) => tellError('The draft was not saved', thrown));
  return {
    run: () => setOpen({ kind: 'execute', mode: { draft: true } }),
    tryStep: (only: string) => setOpen({ kind: 'execute', mode: { draft: true, only } }),
    runUntil: (until: string) => setOpen({ kind: 'execute', mode: { draft: true, until } }),
    publish: () => saved(() => setOpen({ kind: 'publish' })),
    save: () => saved(() => undefined),
    versions: () =>
      void session.texts.of(state().history.present).then((text) => setOpen({ kind: 'versions', text })),
    togglePin: (id: string) => void togglePin(given, id),
    align: (ids: readonly string[], axis: 'x' | 'y') =>
      state().edit((definition) => aligned(definition, ids, axis)),
    openProblem: ({ step, line, column }: PlacedProblem) => {
      if (step !== undefined) state().select([step]);
      if (line === undefined) return;
      if (step === undefined && state().mode === 'canvas') state().setMode('split');
      setReveal({ line, column, nonce: Date.now() });
    },
  };
}

/** The dialogs of the builder and what opens them. */
export function useDialogs(given: Given): Dialogs {
  const [open, setOpen] = useState<Open>();
  const [reveal, setReveal] = useState<Reveal>();
  const close = (): void => setOpen(undefined);
  const { session, view, setView, known, onFollow } = given;
  const actions = useMemo(
    () => actionsFor({ session, view, setView, known, onFollow }, setOpen, setReveal),
    [session, view, setView, known, onFollow],
  );
  const publishing = usePublishing(given, close);
  useEffect(() => whenIdle([Execute.prefetch, Publish.prefetch]), []);
  const shown = open && (
    <Boundary key={open.kind}>
      <Suspense fallback={<Loading title={TITLES[open.kind]} onClose={close} />}>
        {open.kind === 'publish' && (
          <Publish
            session={session}
            view={view}
            isBusy={publishing.isBusy}
            onPublish={(note) => void publishing.publish(note)}
            onClose={close}
            onOpenProblem={(problem) => {
              close();
              actions.openProblem(problem);
            }}
          />
        )}
        {open.kind === 'versions' && (
          <Versions
            workflowId={view.id}
            currentText={open.text}
            onClose={close}
            onRestore={(text, version) => void restore(session, text, version).then(close)}
          />
        )}
        {open.kind === 'execute' && (
          <Execute workflowId={view.id} mode={open.mode} onStarted={onFollow} onClose={close} />
        )}
      </Suspense>
    </Boundary>
  );
  return { actions, reveal, shown, enable: (isEnabled) => void enable(given, isEnabled) };
}

const TITLES = { publish: 'Publish', versions: 'Versions', execute: 'Execute' };

const Loading = ({ title, onClose }: { title: string; onClose: () => void }) => (
  <Modal opened onClose={onClose} title={title}>
    <Loader size="sm" />
  </Modal>
);

async function restore({ texts, store }: Session, text: string, version: number): Promise<void> {
  const definition = await texts.read(text);
  if (!definition) {
    tellError(`Version ${version} was not restored`, new Error('Its text cannot be read.'));
    return;
  }
  store.getState().replace({ text, definition });
  tell(`The draft is version ${version} again. Undo takes it back.`);
}
