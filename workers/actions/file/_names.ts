import { Terminal } from '../../action.ts';

/** Longest name of a member, in characters. */
const LONGEST_NAME = 1024;

export const unsafe = (message: string): Terminal =>
  new Terminal('file.unsafe_archive', message, {
    fix: 'Do not unpack it; ask where it comes from. Nothing of it was left behind.',
  });

const shown = (name: string): string => JSON.stringify(name.slice(0, 200));

function partsOf(name: string): string[] {
  if (name.length > LONGEST_NAME) throw unsafe(`A name of ${name.length} characters is in the archive.`);
  if (name.includes('\0') || name.includes('\\'))
    throw unsafe(`The archive holds ${shown(name)}, a name with a NUL character or a backslash.`);
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name))
    throw unsafe(`The archive holds ${shown(name)}, a name from the root on.`);
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw unsafe(`The archive holds ${shown(name)}, which leads out of its folder.`);
  return parts;
}

/** The names in an archive, each checked as it comes; no two may stand for one file, on whatever file system. */
export class Names {
  readonly #known = new Map<string, { name: string; type: 'file' | 'folder' }>();

  /**
   * The name as it is to be used; empty for the folder of the archive itself.
   * @throws Terminal `file.unsafe_archive`
   */
  take(given: string, type: 'file' | 'folder'): string {
    const parts = partsOf(given);
    for (let length = 1; length < parts.length; length++) this.#claim(parts.slice(0, length), 'folder');
    if (parts.length > 0) this.#claim(parts, type);
    else if (type === 'file') throw unsafe('The archive holds a file without a name.');
    return parts.join('/');
  }

  #claim(parts: string[], type: 'file' | 'folder'): void {
    const name = parts.join('/');
    const key = name.normalize('NFC').toLowerCase();
    const known = this.#known.get(key);
    if (known && (type === 'file' || known.type === 'file' || known.name !== name))
      throw unsafe(
        `The archive holds ${shown(name)} as well as ${shown(known.name)}: one would hide the other.`,
      );
    this.#known.set(key, { name, type });
  }
}
