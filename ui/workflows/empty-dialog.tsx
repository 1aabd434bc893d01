import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { emptyWorkflow } from './text.ts';
import type { Creation } from './use-create.ts';

const LONGEST_NAME = 200;

/** Asks for the name of an empty workflow and creates it. */
export function EmptyDialog({ creation, onClose }: { creation: Creation; onClose: () => void }) {
  const [name, setName] = useState('');
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() !== '' && (await creation.draft(emptyWorkflow(name.trim())))) onClose();
  };
  return (
    <Modal opened onClose={onClose} title="New workflow">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <TextInput
            label="Name"
            placeholder="Automated code review"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={LONGEST_NAME}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={creation.isBusy} disabled={name.trim() === ''}>
              Create draft
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
