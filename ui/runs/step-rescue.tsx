import { Button, Group, JsonInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import { isObject, type Json } from '#shared/json.ts';
import { request } from '#ui/api/client.ts';
import { DataView as Data } from '#ui/data/data-view.tsx';
import { tellError } from '#ui/kit/toast.ts';
import { isDelay } from './sentence.ts';

interface RescueProps {
  executionId: string;
  step: StepView;
}

/** What a person can do for a step that waits for one. */
export function StepRescue({ executionId, step }: RescueProps) {
  if (step.status === 'waiting' && !isDelay(step)) return <Decision executionId={executionId} step={step} />;
  if (step.status === 'parked') return <Parked executionId={executionId} step={step} />;
  return null;
}

function Decision({ executionId, step }: RescueProps) {
  const [reason, setReason] = useState('');
  const decide = useMutation({
    mutationFn: (approved: boolean) =>
      request('post', '/api/executions/:id/approvals/:path', {
        params: { id: executionId, path: step.path },
        body: { approved, ...(reason !== '' && { reason }) },
      }),
    onError: (thrown) => tellError('The decision was not taken', thrown),
  });
  const asked = isObject(step.input) ? step.input : {};
  return (
    <Stack px="md" pb="sm" gap="xs">
      <Text size="sm" className="inert">
        {typeof asked.message === 'string' && asked.message !== ''
          ? asked.message
          : 'Somebody has to decide.'}
      </Text>
      {asked.data !== undefined && asked.data !== null && <Data value={asked.data} />}
      <TextInput
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={2_000}
      />
      <Group gap="xs">
        <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>
          Approve
        </Button>
        <Button variant="default" color="red" loading={decide.isPending} onClick={() => decide.mutate(false)}>
          Reject
        </Button>
      </Group>
    </Stack>
  );
}

function read(text: string): { value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    // Said beside the field, where it is being written.
    return undefined;
  }
}

function Parked({ executionId, step }: RescueProps) {
  const [text, setText] = useState('{}');
  const params = { id: executionId, path: step.path };
  const output = read(text);
  const rescue = useMutation({
    mutationFn: async (how: 'retry' | 'skip' | 'complete') => {
      if (how === 'retry') await request('post', '/api/executions/:id/steps/:path/retry', { params });
      else if (how === 'skip') await request('post', '/api/executions/:id/steps/:path/skip', { params });
      else if (output)
        await request('post', '/api/executions/:id/steps/:path/complete', {
          params,
          body: { output: output.value },
        });
    },
    onError: (thrown, how) => tellError(`The step did not ${how}`, thrown),
  });
  return (
    <Stack px="md" pb="sm" gap="xs">
      <Text size="sm">
        It waits for a person: mend the cause and retry it, go on without it, or give its output by hand.
      </Text>
      <Group gap="xs">
        <Button loading={rescue.isPending} onClick={() => rescue.mutate('retry')}>
          Retry the step
        </Button>
        <Button variant="default" loading={rescue.isPending} onClick={() => rescue.mutate('skip')}>
          Skip it
        </Button>
      </Group>
      <JsonInput
        label="Output"
        value={text}
        onChange={setText}
        autosize
        minRows={2}
        error={output ? undefined : 'This is no JSON.'}
      />
      <Button
        variant="default"
        disabled={!output}
        loading={rescue.isPending}
        onClick={() => rescue.mutate('complete')}
      >
        Complete it with this output
      </Button>
    </Stack>
  );
}
