import { Alert, Button, Group, Loader, Modal, ScrollArea, Stack, Text, Textarea } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { Difference } from '#shared/definition/diff.ts';
import type { Problem } from '#shared/definition/problem.ts';
import { ProblemsList } from '#ui/code/problems-list.tsx';
import { ChangeList } from './change-list.tsx';
import { summaryOf } from './changes.ts';
import classes from './publish-dialog.module.css';

const LONGEST_NOTE = 2_000;

/** What a draft changes, while it is compared, where that failed, and where no version is published yet. */
export type Changes = readonly Difference[] | 'comparing' | 'first' | { error: string };

interface PublishDialogProps<P extends Problem> {
  problems: readonly P[];
  /** Against the published version, from `diffWorkflows`. */
  changes: Changes;
  nextVersion: number;
  onPublish(note: string): void;
  onClose(): void;
  isBusy: boolean;
  onOpenProblem(problem: P): void;
}

/** What stands in the way of publishing; each problem leads to its place. */
function Gate<P extends Problem>({ problems, onOpen }: { problems: readonly P[]; onOpen(problem: P): void }) {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return (
    <Stack gap="sm">
      <Alert color="red" icon={<CircleAlert size={16} aria-hidden />} title={`The draft has ${count}`}>
        Only a workflow without problems can be published. Open each one to mend it.
      </Alert>
      <ScrollArea.Autosize mah={320}>
        <ProblemsList problems={problems} onOpen={onOpen} />
      </ScrollArea.Autosize>
    </Stack>
  );
}

function Summary({ changes }: { changes: Changes }) {
  if (changes === 'first')
    return (
      <Text size="sm">
        This is the first version: from now on the workflow can be executed and its triggers fire.
      </Text>
    );
  if (changes === 'comparing') return <Loader size="sm" aria-label="Comparing with the published version" />;
  if ('error' in changes)
    return (
      <Text size="sm" c="var(--state-failure)" className="inert">
        What changes is not known: {changes.error} The draft can be published all the same.
      </Text>
    );
  const summary = summaryOf(changes);
  return (
    <Stack gap="sm">
      {summary !== '' && (
        <Text size="sm" fw={500}>
          {summary}
        </Text>
      )}
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': 'Changes' }}>
        <ChangeList changes={changes} />
      </ScrollArea.Autosize>
    </Stack>
  );
}

/** Asks before publishing: what changes, and why. A draft with problems cannot be published. */
export function PublishDialog<P extends Problem>(props: PublishDialogProps<P>) {
  const { problems, changes, nextVersion, onPublish, onClose, isBusy, onOpenProblem } = props;
  const [note, setNote] = useState('');
  const isRefused = problems.length > 0;
  const publish = (): void => {
    if (!isRefused && !isBusy) onPublish(note.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) publish();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Publish version ${nextVersion}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        {isRefused ? <Gate problems={problems} onOpen={onOpenProblem} /> : <Summary changes={changes} />}
        {!isRefused && (
          <Textarea
            label="Note"
            description="What changed and why, for those who look at the versions later."
            maxLength={LONGEST_NOTE}
            classNames={{ description: classes.description }}
            autosize
            minRows={2}
            maxRows={6}
            value={note}
            data-autofocus
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        )}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Keep editing
          </Button>
          {!isRefused && (
            <Button onClick={publish} loading={isBusy}>
              Publish version {nextVersion}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
