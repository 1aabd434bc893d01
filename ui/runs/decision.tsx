import { Button, Group, JsonInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import { isObject, type Json } from '#shared/json.ts';
import { request } from '#ui/api/client.ts';
import { approvalsKey } from '#ui/api/queries.ts';
import { DataView as Data } from '#ui/data/data-view.tsx';
import { readJson } from '#ui/data/read-json.ts';
import { storedOf } from '#ui/data/stored.ts';
import { tellError } from '#ui/kit/toast.ts';

/** What a step asks a person, who approves or rejects it; the data that is shown may be changed before. */
export function Decision({ executionId, step }: { executionId: string; step: StepView }) {
  const asked = isObject(step.input) ? step.input : {};
  const [reason, setReason] = useState('');
  const [text, setText] = useState<string>();
  const changed = text === undefined ? undefined : readJson(text);
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (approved: boolean) =>
      request('post', '/api/executions/:id/approvals/:path', {
        params: { id: executionId, path: step.path },
        body: {
          approved,
          ...(reason !== '' && { reason }),
          ...(approved && changed && { data: changed.value }),
        },
      }),
    onError: (thrown) => tellError('The decision was not taken', thrown),
    onSettled: () => queries.invalidateQueries({ queryKey: approvalsKey }),
  });
  return (
    <Stack px="md" pb="sm" gap="xs">
      <Text size="sm" className="inert">
        {typeof asked.message === 'string' && asked.message !== ''
          ? asked.message
          : 'Somebody has to decide.'}
      </Text>
      <Shown value={asked.data ?? null} text={text} onText={setText} isJson={changed !== undefined} />
      <TextInput
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={2_000}
      />
      <Group gap="xs">
        <Button
          loading={decide.isPending}
          disabled={text !== undefined && !changed}
          onClick={() => decide.mutate(true)}
        >
          Approve
        </Button>
        <Button variant="default" color="red" loading={decide.isPending} onClick={() => decide.mutate(false)}>
          Reject
        </Button>
      </Group>
    </Stack>
  );
}

/** The data that is to be approved: as it is, or as text while somebody changes it. */
function Shown({
  value,
  text,
  onText,
  isJson,
}: {
  value: Json;
  /** What it is changed to; undefined while it is not. */
  text: string | undefined;
  onText: (text: string | undefined) => void;
  isJson: boolean;
}) {
  if (value === null) return null;
  if (text === undefined)
    return (
      <>
        <Data value={value} />
        {!storedOf(value) && (
          <Group>
            <Button variant="subtle" size="compact-xs" onClick={() => onText(JSON.stringify(value, null, 2))}>
              Change the data
            </Button>
          </Group>
        )}
      </>
    );
  return (
    <>
      <JsonInput
        label="Data"
        value={text}
        onChange={onText}
        autosize
        minRows={2}
        maxRows={20}
        error={isJson ? undefined : 'This is no JSON.'}
      />
      <Group>
        <Button variant="subtle" size="compact-xs" onClick={() => onText(undefined)}>
          Leave it as it was
        </Button>
      </Group>
    </>
  );
}
