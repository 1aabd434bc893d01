import type { Node } from './syntax.ts';

const PLAIN_NAME = /^[A-Za-z_$][\w$]{0,99}$/;

/** A node as people would write it, for messages: `steps.read.output`. What is no path is `the value`. */
export function pathText(node: Node | string): string {
  if (typeof node === 'string') return node.slice(0, 100);
  if (node.type === 'name') return node.name.slice(0, 100);
  if (node.type === 'method') return `${pathText(node.object)}.${node.name}()`;
  if (node.type === 'call') return `${node.name}()`;
  if (node.type !== 'member') return 'the value';
  const object = pathText(node.object);
  if (typeof node.key !== 'string') {
    return node.key.type === 'literal' ? `${object}[${node.key.value}]` : `${object}[…]`;
  }
  return PLAIN_NAME.test(node.key) ? `${object}.${node.key}` : `${object}['${node.key.slice(0, 100)}']`;
}
