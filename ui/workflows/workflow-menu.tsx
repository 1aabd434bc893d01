import { ActionIcon, Menu } from '@mantine/core';
import { Copy, Download, EllipsisVertical, PencilRuler, Play, Trash2 } from 'lucide-react';
import type { WorkflowSummary } from '#shared/contract/workflow.ts';
import type { WorkflowActions } from './use-workflow-actions.ts';

const exportAddress = (id: string, format: 'yaml' | 'json'): string =>
  `/api/workflows/${encodeURIComponent(id)}/export?format=${format}`;

/** What can be done with one workflow of the list. */
export function WorkflowMenu({ workflow, actions }: { workflow: WorkflowSummary; actions: WorkflowActions }) {
  const { id, name, publishedVersion } = workflow;
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${name}`}>
          <EllipsisVertical size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<PencilRuler size={14} />} onClick={() => actions.open(workflow)}>
          Open
        </Menu.Item>
        <Menu.Item leftSection={<Play size={14} />} onClick={() => void actions.execute(workflow)}>
          {publishedVersion === null ? 'Execute the draft now' : 'Execute now'}
        </Menu.Item>
        <Menu.Item leftSection={<Copy size={14} />} onClick={() => void actions.duplicate(workflow)}>
          Duplicate
        </Menu.Item>
        <Menu.Item
          leftSection={<Download size={14} />}
          component="a"
          href={exportAddress(id, 'yaml')}
          download={`${id}.yaml`}
        >
          Export as YAML
        </Menu.Item>
        <Menu.Item
          leftSection={<Download size={14} />}
          component="a"
          href={exportAddress(id, 'json')}
          download={`${id}.json`}
        >
          Export as JSON
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<Trash2 size={14} />}
          color="var(--state-failure)"
          onClick={() => void actions.remove(workflow)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
