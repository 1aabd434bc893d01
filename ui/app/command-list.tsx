import { Spotlight, spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import type { Command } from './commands.ts';

const grouped = (commands: readonly Command[]) => {
  const groups = new Map<string, Command[]>();
  for (const command of commands)
    if (command.isListed !== false)
      groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups].map(([group, members]) => ({
    group,
    actions: members.map(({ id, title, keys, run }) => ({
      id,
      label: title,
      description: keys?.[0],
      onClick: run,
    })),
  }));
};

/** Everything that can be done here, by name; opens whenever it is asked for once more. */
export function CommandList({ commands, asked }: { commands: readonly Command[]; asked: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be asked is what it waits for
  useEffect(() => spotlight.open(), [asked]);
  return (
    <Spotlight
      shortcut={null}
      actions={grouped(commands)}
      nothingFound="Nothing goes by that name here"
      scrollable
      attributes={{ content: { 'aria-label': 'Commands' } }}
      searchProps={{ placeholder: 'What do you want to do?', 'aria-label': 'Search commands' }}
    />
  );
}
