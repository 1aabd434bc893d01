import { Button, Group, JsonInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import { request } from '#ui/api/client.ts';
import { approvalsKey } from '#ui/api/queries.ts';
import { readJson } from '#ui/data/read-json.ts';
import { tellError } from '#ui/kit/toast.ts';
import { Decision } from './decision.tsx';
import { SendEvent } from './send-event.tsx';
import { asksPerson, awaitedEvent } from './sentence.ts';

interface RescueProps {
  executionId: string;
  step: StepView;
}

/** What a person can do for a step that waits, or is parked. */
export function StepRescue({ executionId, step }: RescueProps) {
  if (step.status === 'waiting' && asksPerson(step))
    return <Decision executionId={executionId} step={step} />;
  if (step.status === 'waiting' && awaitedEvent(step) !== '')
    return <SendEvent executionId={executionId} step={step} />;
  if (step.status === 'parked') return <Parked executionId={executionId} step={step} />;
  return null;
}

function Parked({ executionId, step }: RescueProps) {
  const [text, setText] = useState('{}');
  const params = { id: executionId, path: step.path };
  const output = readJson(text);
  const queries = useQueryClient();
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
    onSettled: () => queries.invalidateQueries({ queryKey: approvalsKey }),
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
