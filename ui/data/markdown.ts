/** A run of text in a line. Links are words with their address after them: nothing leads away from the page. */
export interface Run {
  text: string;
  style: 'plain' | 'strong' | 'emphasis' | 'code';
}

/** A block of a Markdown text, as much of it as is shown. */
export type Block =
  | { type: 'heading'; level: number; runs: Run[] }
  | { type: 'paragraph'; runs: Run[] }
  | { type: 'quote'; runs: Run[] }
  | { type: 'list'; isOrdered: boolean; items: Run[][] }
  | { type: 'code'; text: string }
  | { type: 'rule' };

/** What begins like a link is looked through no further than this: a text of brackets alone would take for ever. */
const INLINE =
  /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|!?\[([^[\]]{0,1000})\]\(([^)\s]{0,2000})(?:\s[^)]{0,1000})?\)/g;

/** The runs of a block of Markdown. */
export function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let at = 0;
  const add = (text: string, style: Run['style']): void => {
    if (text !== '') runs.push({ text, style });
  };
  for (const match of line.matchAll(INLINE)) {
    const [whole, code, strong, underlined, emphasis, label, address] = match;
    add(line.slice(at, match.index), 'plain');
    at = match.index + whole.length;
    if (code !== undefined) add(code, 'code');
    else if (strong !== undefined || underlined !== undefined) add(strong ?? underlined ?? '', 'strong');
    else if (emphasis !== undefined) add(emphasis, 'emphasis');
    else add(label === '' ? (address ?? '') : `${label} (${address})`, 'plain');
  }
  add(line.slice(at), 'plain');
  return runs;
}

const ITEM = /^\s{0,12}(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;

/** A block that begins at a line, and the line after it. */
function blockAt(lines: readonly string[], start: number): { block: Block; next: number } {
  const line = lines[start] ?? '';
  const fence = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1];
  if (fence !== undefined) {
    let end = start + 1;
    while (end < lines.length && !lines[end]?.trim().startsWith(fence)) end++;
    return { block: { type: 'code', text: lines.slice(start + 1, end).join('\n') }, next: end + 1 };
  }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) {
    const [, signs = '', text = ''] = heading;
    return { block: { type: 'heading', level: signs.length, runs: runsOf(text) }, next: start + 1 };
  }
  if (/^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/.test(line))
    return { block: { type: 'rule' }, next: start + 1 };
  return ITEM.test(line) ? listAt(lines, start) : textAt(lines, start);
}

function listAt(lines: readonly string[], start: number): { block: Block; next: number } {
  const items: Run[][] = [];
  let next = start;
  for (let found = ITEM.exec(lines[next] ?? ''); found; found = ITEM.exec(lines[next] ?? '')) {
    items.push(runsOf(found[3] ?? ''));
    next++;
  }
  return { block: { type: 'list', isOrdered: /^\s*\d/.test(lines[start] ?? ''), items }, next };
}

const isPlain = (line: string | undefined): line is string =>
  line !== undefined && line.trim() !== '' && !/^(#{1,6}\s|\s{0,3}(```|~~~))/.test(line) && !ITEM.test(line);

function textAt(lines: readonly string[], start: number): { block: Block; next: number } {
  let next = start + 1;
  const isQuote = (lines[start] ?? '').startsWith('>');
  while (isPlain(lines[next]) && (lines[next] ?? '').startsWith('>') === isQuote) next++;
  const text = lines.slice(start, next).map((line) => (isQuote ? line.replace(/^>\s?/, '') : line.trim()));
  return {
    block: { type: isQuote ? 'quote' : 'paragraph', runs: runsOf(text.join('\n')) },
    next,
  };
}

/** Longest text that is read, in characters. */
export const LONGEST = 100_000;

/** The blocks of a Markdown text. Markup in it stays text. */
export function blocksOf(text: string): Block[] {
  const lines = text.slice(0, LONGEST).split(/\r?\n/);
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at]?.trim() === '') {
      at++;
      continue;
    }
    const { block, next } = blockAt(lines, at);
    blocks.push(block);
    at = next;
  }
  return blocks;
}
