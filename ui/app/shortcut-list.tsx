import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import type { Command } from './commands.ts';

const isMac = /Mac|iP/.test(navigator.platform);

const NAMES: Record<string, string> = { mod: isMac ? '⌘' : 'Ctrl', shift: 'Shift', alt: isMac ? '⌥' : 'Alt' };

/** `mod+shift+Z` → the keys as they are printed. */
const keyNames = (keys: string): string[] => keys.split('+').map((key) => NAMES[key.toLowerCase()] ?? key);

/** Every key that does something on this page. */
export function ShortcutList({
  commands,
  isOpen,
  onClose,
}: {
  commands: readonly Command[];
  isOpen: boolean;
  onClose: () => void;
}) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <Stack gap="xs">
        {commands
          .filter(({ keys }) => keys !== undefined)
          .map(({ id, title, keys = [] }) => (
            <Group key={id} justify="space-between">
              <Text size="sm">{title}</Text>
              <Group gap="sm">
                {keys.map((each) => (
                  <Keys key={each} keys={each} />
                ))}
              </Group>
            </Group>
          ))}
      </Stack>
    </Modal>
  );
}

function Keys({ keys }: { keys: string }) {
  return (
    <Group gap={3}>
      {keyNames(keys).map((name) => (
        <Kbd key={name} size="xs">
          {name}
        </Kbd>
      ))}
    </Group>
  );
}
