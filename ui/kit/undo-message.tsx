import { Button, Group, Text } from '@mantine/core';

/** A toast's line with a button that takes back what was done. */
export function UndoMessage({ message, onUndo }: { message: string; onUndo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" className="inert">
        {message}
      </Text>
      <Button variant="light" size="compact-xs" onClick={onUndo}>
        Undo
      </Button>
    </Group>
  );
}
