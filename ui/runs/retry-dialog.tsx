import { Button, Group, Modal, Radio, Select, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { request } from '#ui/api/client.ts';
import { paths } from '#ui/app/paths.ts';
import { tellError } from '#ui/kit/toast.ts';

type From = 'start' | 'failed' | 'step';

/** Asks from where, and on which definition, an execution is retried. */
export function RetryDialog({
  execution,
  step,
  onClose,
}: {
  execution: ExecutionView;
  /** Path of the step to retry from, to begin with. */
  step?: string;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const failed = execution.steps.find(
    ({ path, status, error }) => status === 'failure' && error?.step === path,
  );
  const [from, setFrom] = useState<From>(step !== undefined ? 'step' : failed ? 'failed' : 'start');
  const [chosen, setChosen] = useState<string | null>(step ?? failed?.path ?? null);
  const [definition, setDefinition] = useState<'original' | 'latest'>('original');
  const path = { start: undefined, failed: failed?.path, step: chosen ?? undefined }[from];
  const retry = useMutation({
    mutationFn: () =>
      request('post', '/api/executions/:id/retry', {
        params: { id: execution.executionId },
        body: { definition, ...(path !== undefined && { from: path }) },
      }),
    onSuccess: ({ executionId }) => {
      onClose();
      navigate(paths.execution(executionId));
    },
    onError: (thrown) => tellError('The execution was not retried', thrown),
  });
  return (
    <Modal opened onClose={onClose} title="Retry this execution">
      <Stack gap="md">
        <Radio.Group label="From" value={from} onChange={(value) => setFrom(value as From)}>
          <Stack gap="xs" mt="xs">
            <Radio
              value="failed"
              label={failed ? `The failed step: ${failed.name}` : 'The failed step'}
              disabled={!failed}
            />
            <Radio value="step" label="A step" />
            <Radio value="start" label="The start" />
          </Stack>
        </Radio.Group>
        {from === 'step' && (
          <Select
            label="Step"
            description="What ran before it is taken over with its outputs."
            searchable
            data={execution.steps.map(({ path: value, name }) => ({ value, label: `${name} (${value})` }))}
            value={chosen}
            onChange={setChosen}
          />
        )}
        <Radio.Group
          label="On"
          value={definition}
          onChange={(value) => setDefinition(value === 'latest' ? 'latest' : 'original')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="original" label={`The definition it ran (version ${execution.workflowVersion})`} />
            <Radio value="latest" label="The latest published definition" />
          </Stack>
        </Radio.Group>
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            loading={retry.isPending}
            disabled={from === 'step' && chosen === null}
            onClick={() => retry.mutate()}
          >
            {path === undefined ? 'Retry from the start' : 'Retry from here'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
