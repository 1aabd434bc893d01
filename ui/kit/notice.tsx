import { Stack, Text } from '@mantine/core';
import { CircleAlert, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';

/** What stands where there is nothing to show: what is so, and what to do about it. */
export function Notice({
  kind = 'empty',
  title,
  detail,
  action,
}: {
  kind?: 'empty' | 'error';
  title: string;
  detail?: ReactNode;
  action?: ReactNode;
}) {
  const Icon = kind === 'error' ? CircleAlert : Inbox;
  return (
    <Stack align="center" gap="sm" p="xl" m="auto" maw={520} role={kind === 'error' ? 'alert' : undefined}>
      <Icon size={28} color={kind === 'error' ? 'var(--state-failure)' : 'var(--house-muted)'} aria-hidden />
      <Text fw={600} size="md" ta="center">
        {title}
      </Text>
      {detail !== undefined && (
        <Text c="var(--house-muted)" size="sm" ta="center" className="inert">
          {detail}
        </Text>
      )}
      {action}
    </Stack>
  );
}
