import { Button, Menu } from '@mantine/core';
import { ChevronDown, FilePlus2, FileText, LayoutTemplate } from 'lucide-react';
import { EmptyDialog } from './empty-dialog.tsx';
import { TemplateDialog } from './template-dialog.tsx';
import { TextDialog } from './text-dialog.tsx';
import type { Creation } from './use-create.ts';

/** A way to a new workflow that asks for something first. `text` is what to begin with. */
export type Way = { kind: 'empty' } | { kind: 'template' } | { kind: 'text'; text: string };

/** The button with the ways to a new workflow. */
export function NewWorkflowMenu({
  isOpen,
  onToggle,
  onOpen,
}: {
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  onOpen: (way: Way) => void;
}) {
  return (
    <Menu opened={isOpen} onChange={onToggle} position="bottom-end" width={220}>
      <Menu.Target>
        <Button rightSection={<ChevronDown size={14} aria-hidden />}>New workflow</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<FilePlus2 size={14} />} onClick={() => onOpen({ kind: 'empty' })}>
          Empty
        </Menu.Item>
        <Menu.Item leftSection={<LayoutTemplate size={14} />} onClick={() => onOpen({ kind: 'template' })}>
          From a template
        </Menu.Item>
        <Menu.Item leftSection={<FileText size={14} />} onClick={() => onOpen({ kind: 'text', text: '' })}>
          From YAML or JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The dialog that is open, if one is. */
export function NewWorkflowDialog({
  dialog,
  creation,
  onClose,
}: {
  dialog: Way | undefined;
  creation: Creation;
  onClose: () => void;
}) {
  if (dialog?.kind === 'empty') return <EmptyDialog creation={creation} onClose={onClose} />;
  if (dialog?.kind === 'template') return <TemplateDialog creation={creation} onClose={onClose} />;
  if (dialog?.kind === 'text')
    return <TextDialog key={dialog.text} start={dialog.text} creation={creation} onClose={onClose} />;
  return null;
}
