import { ActionIcon, Button, Group, Menu, SegmentedControl, Switch, Text, Tooltip } from '@mantine/core';
import { FlaskConical, History, MoreHorizontal, Play, Redo2, Undo2 } from 'lucide-react';
import { Link } from 'wouter';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { paths } from '#ui/app/paths.ts';
import classes from './builder.module.css';
import type { Saving } from './saver.ts';
import { SavingLine } from './saving-line.tsx';
import { type Mode, useEditing } from './store.ts';

const MODES: { value: Mode; label: string }[] = [
  { value: 'canvas', label: 'Canvas' },
  { value: 'split', label: 'Split' },
  { value: 'code', label: 'Code' },
];

interface HeaderProps {
  view: WorkflowView;
  saving: Saving;
  isTrying: boolean;
  onTry: () => void;
  onRun: () => void;
  onPublish: () => void;
  onVersions: () => void;
  onEnable: (isEnabled: boolean) => void;
}

/** The line on top: what is edited, whether it is safe, and what can be done with it. */
export function Header(props: HeaderProps) {
  const { view, saving, isTrying, onTry, onRun, onVersions, onEnable } = props;
  const name = useEditing(({ history }) => history.present.definition.name);
  const mode = useEditing((state) => state.mode);
  const setMode = useEditing((state) => state.setMode);
  return (
    <header className={classes.header}>
      <Group gap="xs" wrap="nowrap" miw={0} flex={1}>
        <Text component={Link} href={paths.workflows} size="sm" c="var(--house-muted)">
          Workflows
        </Text>
        <span aria-hidden>/</span>
        <Text component="h1" size="sm" fw={600} className="one-line inert" title={String(name ?? '')}>
          {String(name ?? view.name)}
        </Text>
        <SavingLine saving={saving} />
      </Group>
      <UndoButtons />
      <SegmentedControl
        data={MODES}
        value={mode}
        onChange={(value) => setMode(value as Mode)}
        aria-label="View"
      />
      <Tooltip label="Its triggers fire">
        <Switch
          checked={view.enabled}
          aria-label="Enabled"
          onChange={(event) => onEnable(event.currentTarget.checked)}
        />
      </Tooltip>
      <Button
        variant={isTrying ? 'light' : 'default'}
        aria-pressed={isTrying}
        leftSection={<FlaskConical size={14} />}
        onClick={onTry}
      >
        Try
      </Button>
      <Button variant="default" leftSection={<Play size={14} />} onClick={onRun}>
        Execute
      </Button>
      <PublishButton {...props} />
      <MoreMenu id={view.id} onVersions={onVersions} />
    </header>
  );
}

function UndoButtons() {
  const undo = useEditing((state) => state.undo);
  const redo = useEditing((state) => state.redo);
  const canUndo = useEditing(({ history }) => history.past.length > 0);
  const canRedo = useEditing(({ history }) => history.future.length > 0);
  return (
    <Group gap={0} wrap="nowrap">
      <ActionIcon aria-label="Undo" disabled={!canUndo} onClick={undo}>
        <Undo2 size={16} />
      </ActionIcon>
      <ActionIcon aria-label="Redo" disabled={!canRedo} onClick={redo}>
        <Redo2 size={16} />
      </ActionIcon>
    </Group>
  );
}

function PublishButton({ view, saving, onPublish }: HeaderProps) {
  const problems = useEditing((state) => state.problems.length);
  const next = (view.publishedVersion ?? 0) + 1;
  const isUpToDate = view.publishedVersion !== null && !view.hasDraft && saving.kind === 'saved';
  const label = isUpToDate
    ? `Version ${view.publishedVersion}`
    : problems > 0
      ? `Publish (${problems})`
      : `Publish version ${next}`;
  return (
    <Tooltip
      label={
        isUpToDate
          ? 'Nothing has changed since'
          : problems > 0
            ? 'There are problems to mend first'
            : 'Make the draft the version that runs'
      }
    >
      <Button disabled={isUpToDate} color={problems > 0 ? 'red' : 'indigo'} onClick={onPublish}>
        {label}
      </Button>
    </Tooltip>
  );
}

function MoreMenu({ id, onVersions }: { id: string; onVersions: () => void }) {
  const exported = (format: string): string =>
    `/api/workflows/${encodeURIComponent(id)}/export?format=${format}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label="More">
          <MoreHorizontal size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<History size={14} />} onClick={onVersions}>
          Versions
        </Menu.Item>
        <Menu.Item component={Link} href={paths.executionsOf(id)}>
          Its executions
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item component="a" href={exported('yaml')} download={`${id}.yaml`}>
          Export as YAML
        </Menu.Item>
        <Menu.Item component="a" href={exported('json')} download={`${id}.json`}>
          Export as JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
