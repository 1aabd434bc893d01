import { ActionIcon, Paper, Tooltip } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { FIT } from './use-fit.ts';

const SMOOTHLY = { ...FIT, duration: 120 };

/** Buttons and keys to come nearer, go further, and see all of it. */
export function ZoomControls() {
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const commands = useMemo(
    (): Command[] => [
      { id: 'zoom-in', title: 'Zoom in', group: 'View', keys: ['+', '='], run: () => void zoomIn() },
      { id: 'zoom-out', title: 'Zoom out', group: 'View', keys: ['-'], run: () => void zoomOut() },
      { id: 'zoom-100', title: 'Zoom to 100 %', group: 'View', keys: ['0'], run: () => void zoomTo(1) },
      {
        id: 'zoom-fit',
        title: 'Fit all of it',
        group: 'View',
        keys: ['1'],
        run: () => void fitView(SMOOTHLY),
      },
    ],
    [zoomIn, zoomOut, zoomTo, fitView],
  );
  useOffered('zoom', commands);
  return (
    <Paper withBorder p={2} radius="md">
      <Tooltip label="Zoom in (+)">
        <ActionIcon aria-label="Zoom in" onClick={() => void zoomIn()}>
          <Plus size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Zoom out (-)">
        <ActionIcon aria-label="Zoom out" onClick={() => void zoomOut()}>
          <Minus size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Fit all of it (1)">
        <ActionIcon aria-label="Fit all of it" onClick={() => void fitView(SMOOTHLY)}>
          <Maximize size={14} />
        </ActionIcon>
      </Tooltip>
    </Paper>
  );
}
