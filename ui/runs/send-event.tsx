import { Button, Group, JsonInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import { request } from '#ui/api/client.ts';
import { readJson } from '#ui/data/read-json.ts';
import { tellError } from '#ui/kit/toast.ts';
import { awaitedEvent } from './sentence.ts';

/** Sends by hand the event that a step waits for. */
export function SendEvent({ executionId, step }: { executionId: string; step: StepView }) {
  const [text, setText] = useState('{}');
  const data = readJson(text);
  const name = awaitedEvent(step);
  const send = useMutation({
    mutationFn: async () => {
      if (data)
        await request('post', '/api/executions/:id/messages/:name', {
          params: { id: executionId, name },
          body: data.value,
        });
    },
    onError: (thrown) => tellError('The event was not sent', thrown),
  });
  return (
    <Stack px="md" pb="sm" gap="xs">
      <Text size="sm" className="inert">
        {`It waits for the event "${name}", which other programs send. It can be sent by hand, too.`}
      </Text>
      <JsonInput
        label="Data of the event"
        value={text}
        onChange={setText}
        autosize
        minRows={2}
        maxRows={20}
        error={data ? undefined : 'This is no JSON.'}
      />
      <Group>
        <Button disabled={!data} loading={send.isPending} onClick={() => send.mutate()}>
          Send the event
        </Button>
      </Group>
    </Stack>
  );
}
