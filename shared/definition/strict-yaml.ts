import { Composer, type Document, isAlias, isMap, isNode, isScalar, type Node, Parser, visit } from 'yaml';

/** Anchors and aliases together; each alias is looked up among all of them. */
const MOST_ANCHORS = 1000;

/** Something that the parser lets pass, and where it begins. */
export interface Slip {
  code: 'source.syntax' | 'source.aliases';
  message: string;
  offset: number;
}

/**
 * Reads YAML in a time that grows with its length, whatever it holds. The parser itself would compare each key with
 * all others of its map, and search the whole line for each error. No more than two documents are read: a
 * definition is one.
 */
export function parseYaml(text: string): Document.Parsed[] {
  const documents: Document.Parsed[] = [];
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: [],
  });
  const limit = Error.stackTraceLimit;
  // A text may hold hundreds of thousands of errors, of which only the places are told.
  Error.stackTraceLimit = 0;
  try {
    for (const document of composer.compose(new Parser().parse(text))) {
      documents.push(document as Document.Parsed);
      if (documents.length === 2) break;
    }
  } finally {
    Error.stackTraceLimit = limit;
  }
  return documents;
}

const startOf = (node: unknown): number => (isNode(node) && node.range?.[0]) || 0;

/** The keys of a map that come again. Keys that become one name in JSON, such as 1 and "1", count as the same. */
function repeatedKeys(items: readonly { key: unknown }[]): Slip[] {
  const known = new Set<string>();
  return items.flatMap(({ key }): Slip[] => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    if (known.has(name))
      return [{ code: 'source.syntax', message: 'Map keys must be unique', offset: startOf(key) }];
    known.add(name);
    return [];
  });
}

/** What is wrong with a document that was read: keys that come twice, and more aliases than can be followed. */
export function slipsOf(document: Document.Parsed): Slip[] {
  const slips: Slip[] = [];
  let anchors = 0;
  visit(document, {
    Node(_key, node: Node) {
      if (isMap(node)) for (const slip of repeatedKeys(node.items)) slips.push(slip);
      if (!isAlias(node) && node.anchor === undefined) return undefined;
      anchors += 1;
      if (anchors <= MOST_ANCHORS) return undefined;
      const message = `There are more than ${MOST_ANCHORS} anchors and aliases in this text.`;
      slips.push({ code: 'source.aliases', message, offset: startOf(node) });
      return visit.BREAK;
    },
  });
  return slips;
}
