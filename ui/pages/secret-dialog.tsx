import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { request } from '#ui/api/client.ts';
import { secretsQuery } from '#ui/api/queries.ts';
import { CopyIcon } from '#ui/kit/copy-icon.tsx';
import { tell, tellError } from '#ui/kit/toast.ts';
import { nameProblem } from './secret-name.ts';

const LONGEST = 64 * 1024;
const LONGEST_DESCRIPTION = 1_000;

/** A secret that webhooks can be signed with, as Standard Webhooks write them. */
const madeUp = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;

interface Given {
  name: string;
  value: string;
  description: string;
}

/** Keeps what was given: under a new name, or in the place of the value there is. */
async function keep({ name, value, description }: Given, isNew: boolean): Promise<void> {
  const rest = { value, ...(description !== '' && { description }) };
  if (isNew) await request('post', '/api/secrets', { body: { name, ...rest } });
  else await request('put', '/api/secrets/:name', { params: { name }, body: rest });
}

/** Asks for a secret, or for another value of one there is. The value is forgotten here when the dialog closes. */
export function SecretDialog({
  secret,
  onClose,
}: {
  /** The one to replace; a new one without it. */
  secret: { name: string; description: string | null } | undefined;
  onClose: () => void;
}) {
  const isNew = secret === undefined;
  const client = useQueryClient();
  const { data } = useQuery(secretsQuery);
  const [given, setGiven] = useState<Given>({
    name: secret?.name ?? '',
    value: '',
    description: secret?.description ?? '',
  });
  const [isVisible, setVisible] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const taken = isNew ? (data?.items.map(({ name }) => name) ?? []) : [];
  const wrong = nameProblem(given.name, taken);
  const isReady = given.name !== '' && given.value !== '' && wrong === undefined;
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    try {
      await keep(given, isNew);
      await client.invalidateQueries(secretsQuery);
      tell(isNew ? `Kept ${given.name}.` : `Replaced ${given.name}.`);
      onClose();
    } catch (thrown) {
      tellError(`${given.name} was not kept`, thrown);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={isNew ? 'Add a secret' : `Replace ${secret.name}`}>
      <form onSubmit={(event) => void submit(event)} autoComplete="off">
        <Stack gap="sm">
          {isNew && (
            <TextInput
              label="Name"
              description="Used as {{ secrets.NAME }}"
              placeholder="GITHUB_TOKEN"
              value={given.name}
              error={wrong}
              onChange={({ currentTarget: { value: name } }) => setGiven({ ...given, name })}
              data-autofocus
            />
          )}
          <PasswordInput
            label={isNew ? 'Value' : 'New value'}
            description="It cannot be read again once it is kept."
            autoComplete="new-password"
            maxLength={LONGEST}
            value={given.value}
            visible={isVisible}
            onVisibilityChange={setVisible}
            onChange={({ currentTarget: { value } }) => setGiven({ ...given, value })}
            visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            {...(!isNew && { 'data-autofocus': true })}
          />
          <Group gap="xs">
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => {
                setGiven({ ...given, value: madeUp() });
                setVisible(true);
              }}
            >
              Make one up for a webhook
            </Button>
            {given.value !== '' && isVisible && <CopyIcon value={given.value} what="the value" />}
          </Group>
          <TextInput
            label="Description"
            placeholder="What it is for"
            maxLength={LONGEST_DESCRIPTION}
            value={given.description}
            onChange={({ currentTarget: { value: description } }) => setGiven({ ...given, description })}
          />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isReady}>
              {isNew ? 'Keep secret' : 'Replace value'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
