import { useEffect } from 'react';
import { create } from 'zustand';

/** Something a person can do from the command palette or by a key. */
export interface Command {
  id: string;
  title: string;
  /** The heading it stands under. */
  group: string;
  /** As Mantine writes them: `mod+K`, `shift+S`. Several may do the same. */
  keys?: readonly string[];
  /** False keeps it out of the palette: keys alone make sense for it. */
  isListed?: boolean;
  run(): void;
}

interface Commands {
  sets: ReadonlyMap<string, readonly Command[]>;
  put(name: string, commands: readonly Command[]): void;
  drop(name: string): void;
}

/** The commands of all that is on the page now, by who offers them. */
export const useCommands = create<Commands>((set) => ({
  sets: new Map(),
  put: (name, commands) => set(({ sets }) => ({ sets: new Map(sets).set(name, commands) })),
  drop: (name) =>
    set(({ sets }) => {
      const left = new Map(sets);
      left.delete(name);
      return { sets: left };
    }),
}));

/** Offers commands while a component is shown. The list must be stable: keep it in `useMemo`. */
export function useOffered(name: string, commands: readonly Command[]): void {
  const put = useCommands((state) => state.put);
  const drop = useCommands((state) => state.drop);
  useEffect(() => {
    put(name, commands);
    return () => drop(name);
  }, [name, commands, put, drop]);
}
