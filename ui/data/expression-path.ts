import type { Path } from '#shared/definition/problem.ts';

const NAME = /^[A-Za-z_$][\w$]*$/;

/** The expression that reads a place inside of a value: `steps.read.output`, `rows`, `0` → `steps.read.output.rows[0]`. */
export const expressionAt = (prefix: string, path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (NAME.test(key)) return text === '' ? key : `${text}.${key}`;
    return `${text}['${key.replaceAll(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}']`;
  }, prefix);
