import { isObject, type JsonObject } from '#shared/json.ts';
import { listAt, setInDefinition } from './path.ts';
import type { Point } from './steps.ts';

/** A note on the canvas; text is Markdown. */
export interface Note {
  id: string;
  text: string;
  position: Point;
  width: number;
  height: number;
  colour: string;
}

const PATH = ['metadata', 'notes'] as const;
const SIZE = { width: 224, height: 128 };

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** The notes of a definition, which keeps them in its metadata. */
export const notesOf = (definition: JsonObject): Note[] =>
  listAt(definition, PATH).flatMap((note, index) => {
    if (!isObject(note)) return [];
    const { x, y } = isObject(note.position) ? note.position : {};
    return [
      {
        id: typeof note.id === 'string' ? note.id : `note_${index}`,
        text: typeof note.text === 'string' ? note.text : '',
        position: { x: numberOf(x, 0), y: numberOf(y, 0) },
        width: numberOf(note.width, SIZE.width),
        height: numberOf(note.height, SIZE.height),
        colour: typeof note.colour === 'string' ? note.colour : 'yellow',
      },
    ];
  });

const written = (notes: readonly Note[]): JsonObject[] =>
  notes.map((note) => ({ ...note, position: { ...note.position } }));

const withNotes = (definition: JsonObject, notes: readonly Note[]): JsonObject =>
  setInDefinition(definition, PATH, notes.length === 0 ? undefined : written(notes));

/** Adds an empty note. Says its id. */
export function addNote(definition: JsonObject, position: Point): { definition: JsonObject; id: string } {
  const notes = notesOf(definition);
  const taken = new Set(notes.map(({ id }) => id));
  let number = notes.length + 1;
  while (taken.has(`note_${number}`)) number++;
  const id = `note_${number}`;
  const note = { id, text: '', position, ...SIZE, colour: 'yellow' };
  return { definition: withNotes(definition, [...notes, note]), id };
}

/** Changes a note. */
export const changeNote = (
  definition: JsonObject,
  id: string,
  change: Partial<Omit<Note, 'id'>>,
): JsonObject =>
  withNotes(
    definition,
    notesOf(definition).map((note) => (note.id === id ? { ...note, ...change } : note)),
  );

/** Removes notes. */
export const removeNotes = (definition: JsonObject, ids: ReadonlySet<string>): JsonObject =>
  notesOf(definition).some(({ id }) => ids.has(id))
    ? withNotes(
        definition,
        notesOf(definition).filter(({ id }) => !ids.has(id)),
      )
    : definition;
