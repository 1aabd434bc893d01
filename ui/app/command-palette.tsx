import { getHotkeyHandler } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { type Command, useCommands, useOffered } from './commands.ts';
import { paths } from './paths.ts';
import { ShortcutList } from './shortcut-list.tsx';
import { isPressing, isTyping } from './typing.ts';

/** Opens the list of everything that can be done here. */
export const openCommandPalette = (): void => spotlight.open();

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

function useHotkeys(commands: readonly Command[]): void {
  useEffect(() => {
    const handle = getHotkeyHandler(
      commands.flatMap(({ keys = [], run }) => keys.map((key): [string, () => void] => [key, run])),
    );
    const onKey = (event: KeyboardEvent): void => {
      if (!event.defaultPrevented && !isTyping(event) && !isPressing(event)) handle(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [commands]);
}

/** Mod+K: everything that can be done here, by name; and the keys of all of it. */
export function CommandPalette() {
  const [, navigate] = useLocation();
  const [isListing, setListing] = useState(false);
  const own = useMemo(
    (): Command[] => [
      ...(
        [
          ['Home', paths.home],
          ['Workflows', paths.workflows],
          ['Executions', paths.executions],
          ['Approvals', paths.approvals],
          ['Triggers', paths.triggers],
          ['Chat', paths.chat],
          ['Plugins', paths.plugins],
          ['Secrets', paths.secrets],
        ] as const
      ).map(([title, path]) => ({
        id: `go ${path}`,
        title: `Go to ${title}`,
        group: 'Go to',
        run: () => navigate(path),
      })),
      {
        id: 'shortcuts',
        title: 'Keyboard shortcuts',
        group: 'Help',
        keys: ['shift+?'],
        run: () => setListing(true),
      },
    ],
    [navigate],
  );
  useOffered('app', own);
  const sets = useCommands((state) => state.sets);
  const commands = useMemo(() => [...sets.values()].reverse().flat(), [sets]);
  useHotkeys(commands);
  return (
    <>
      <Spotlight
        shortcut="mod + K"
        actions={grouped(commands)}
        nothingFound="Nothing goes by that name here"
        scrollable
        attributes={{ content: { 'aria-label': 'Commands' } }}
        searchProps={{ placeholder: 'What do you want to do?', 'aria-label': 'Search commands' }}
      />
      <ShortcutList commands={commands} isOpen={isListing} onClose={() => setListing(false)} />
    </>
  );
}
