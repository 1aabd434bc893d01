import type { Run } from '../limits.ts';

/** A piece of a pattern: one character, `?`, `*`, `**`, or `**` with the slash after it. */
type Piece = { kind: 'char'; char: string } | { kind: 'one' | 'many' | 'deep' | 'folders' };

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '?') pieces.push({ kind: 'one' });
    else if (char !== '*') pieces.push({ kind: 'char', char });
    else {
      let end = at;
      while (pattern.charAt(end + 1) === '*') end++;
      const isFolders =
        end > at && pattern.charAt(end + 1) === '/' && (at === 0 || pattern.charAt(at - 1) === '/');
      pieces.push({ kind: isFolders ? 'folders' : end > at ? 'deep' : 'many' });
      at = isFolders ? end + 1 : end;
    }
  }
  return pieces;
}

/**
 * True when the whole path matches: `*` and `?` stay within a folder, `**` crosses folders, `**` and a slash stand for
 * any number of folders, also none. Takes time in proportion to path × pattern at worst, and pays for it first.
 */
export function matchesGlob(path: string, pattern: string, run: Run): boolean {
  run.charge(pattern.length);
  const pieces = piecesOf(pattern);
  run.charge(Math.ceil(((path.length + 1) * (pieces.length + 1)) / 16));
  let states = new Uint8Array(pieces.length + 1);
  states[0] = 1;
  skipEmpty(states, pieces);
  for (let at = 0; at < path.length; at++) {
    states = step(states, pieces, path.charAt(at));
    skipEmpty(states, pieces);
  }
  return states[pieces.length] === 1;
}

/** Positions in the pattern that are reached by one more character of the path. */
function step(states: Uint8Array, pieces: Piece[], char: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(states.length);
  pieces.forEach((piece, at) => {
    // 2 marks a position within a folder that `**/` is passing over: it can only be left after a slash.
    if (!states[at]) return;
    if (piece.kind === 'char') {
      if (piece.char === char) next[at + 1] = 1;
    } else if (piece.kind === 'one') {
      if (char !== '/') next[at + 1] = 1;
    } else if (piece.kind === 'many') {
      if (char !== '/') next[at] = 1;
    } else next[at] = piece.kind === 'folders' && char !== '/' ? 2 : 1;
  });
  return next;
}

/** Stars may stand for nothing: marks the positions after them too. */
function skipEmpty(states: Uint8Array, pieces: Piece[]): void {
  pieces.forEach((piece, at) => {
    if (states[at] === 1 && piece.kind !== 'char' && piece.kind !== 'one') states[at + 1] = 1;
  });
}
