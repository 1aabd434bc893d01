import { getHotkeyHandler } from '@mantine/hooks';
import { Suspense, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { create } from 'zustand';
import { late, whenIdle } from '#ui/kit/late.ts';
import { type Command, useCommands, useOffered } from './commands.ts';
import { paths } from './paths.ts';
import { isPressing, isTyping } from './typing.ts';

const CommandList = late(async () => (await import('./command-list.tsx')).CommandList);
const ShortcutList = late(async () => (await import('./shortcut-list.tsx')).ShortcutList);

/** How often the list of commands was asked for. */
const useAsked = create(() => ({ asked: 0 }));

/** Opens the list of everything that can be done here. */
export const openCommandPalette = (): void => useAsked.setState(({ asked }) => ({ asked: asked + 1 }));

function useHotkeys(commands: readonly Command[]): void {
  // With the drawing itself: what is seen answers to its keys.
  useLayoutEffect(() => {
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
  /** Undefined until it is opened for the first time. */
  const [isListing, setListing] = useState<boolean>();
  const own = useMemo(
    (): Command[] => [
      ...(
        [
          ['Home', paths.home],
          ['Workflows', paths.workflows],
          ['Executions', paths.executions],
          ['Approvals', paths.approvals],
          ['Triggers', paths.triggers],
          ['Activity', paths.activity],
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
        id: 'commands',
        title: 'Everything that can be done here',
        group: 'Help',
        keys: ['mod+K'],
        isListed: false,
        run: openCommandPalette,
      },
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
  const { asked } = useAsked();
  useEffect(() => whenIdle([CommandList.prefetch, ShortcutList.prefetch]), []);
  return (
    <Suspense>
      {asked > 0 && <CommandList commands={commands} asked={asked} />}
      {isListing !== undefined && (
        <ShortcutList commands={commands} isOpen={isListing} onClose={() => setListing(false)} />
      )}
    </Suspense>
  );
}
