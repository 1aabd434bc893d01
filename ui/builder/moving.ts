import type { Command } from '#ui/app/commands.ts';
import { nudged } from './step-edits.ts';
import type { EditingStore } from './store.ts';
import type { Direction } from './walking.ts';

/** The canvas's grid, in pixels: as far as one press of a key moves a step. */
const GRID = 8;

const DIRECTIONS: readonly [Direction, key: string, x: number, y: number][] = [
  ['up', 'ArrowUp', 0, -GRID],
  ['down', 'ArrowDown', 0, GRID],
  ['left', 'ArrowLeft', -GRID, 0],
  ['right', 'ArrowRight', GRID, 0],
];

/** Moves what is selected, as a drag does; presses that follow one another are undone as one. */
export const moving = (store: EditingStore): Command[] =>
  DIRECTIONS.map(([direction, key, x, y]) => ({
    id: `move-${direction}`,
    title: `Move ${direction}`,
    group: 'Edit',
    keys: [`mod+${key}`],
    isListed: false,
    run: () => {
      const { selected, edit } = store.getState();
      const ids = [...selected];
      edit((definition) => nudged(definition, ids, { x, y }), `move ${ids.join(' ')}`);
    },
  }));
