import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Ago } from '#ui/kit/time.tsx';
import type { Saving } from './saver.ts';

/** Whether the draft is safe, and where. */
export function SavingLine({ saving }: { saving: Saving }) {
  return (
    <Text
      span
      size="xs"
      c="var(--house-muted)"
      role="status"
      data-saving={saving.kind}
      className="numbers one-line"
    >
      <SavingWords saving={saving} />
    </Text>
  );
}

function SavingWords({ saving }: { saving: Saving }) {
  switch (saving.kind) {
    case 'saved':
      return saving.at === undefined ? (
        'Draft saved'
      ) : (
        <>
          Draft saved <Ago at={new Date(saving.at).toISOString()} />
        </>
      );
    case 'editing':
      return 'Editing';
    case 'saving':
      return 'Saving';
    case 'offline':
      return `Kept in this browser: no server since ${new Date(saving.since).toLocaleTimeString()}`;
    case 'refused':
      return `Not saved: ${saving.reason}`;
    case 'conflict':
      return 'Not saved: changed by somebody else';
  }
}

/** Asks whose change stays, where two people changed the same. */
export function ConflictDialog({
  saving,
  onChoose,
}: {
  saving: Saving;
  onChoose: (choice: 'mine' | 'theirs') => void;
}) {
  if (saving.kind !== 'conflict') return null;
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      title="Somebody else changed the same places"
    >
      <Stack gap="sm">
        <Text size="sm">Everything else of both is kept. In these places only one can stay:</Text>
        <Stack gap={2} mah={240} style={{ overflow: 'auto' }}>
          {saving.places.map((place) => (
            <Text key={place} size="sm" ff="monospace" className="inert">
              {place}
            </Text>
          ))}
        </Stack>
        <Group justify="end">
          <Button variant="default" onClick={() => onChoose('theirs')}>
            Take all of theirs
          </Button>
          <Button onClick={() => onChoose('mine')}>Keep mine there</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
