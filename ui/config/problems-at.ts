import { formatPath, type Path, type Problem } from '#shared/definition/problem.ts';

const rest = (text: string, prefix: string): string | undefined => {
  if (prefix === '') return text;
  if (!text.startsWith(prefix)) return undefined;
  const left = text.slice(prefix.length);
  return left === '' || left.startsWith('.') || left.startsWith('[') ? left : undefined;
};

/** The problems at a path and below it, with their paths relative to it. */
export function problemsUnder(problems: readonly Problem[], path: Path): Problem[] {
  const prefix = formatPath(path);
  return problems.flatMap((problem) => {
    const left = rest(problem.path, prefix);
    return left === undefined ? [] : [{ ...problem, path: left.replace(/^\./, '') }];
  });
}

/** The problems at exactly this path. */
export const problemsAt = (problems: readonly Problem[], path: Path): Problem[] => {
  const here = formatPath(path);
  return problems.filter((problem) => problem.path === here);
};

/** The problems that stand under none of these members. */
export const problemsElsewhere = (problems: readonly Problem[], names: readonly string[]): Problem[] =>
  problems.filter(({ path }) => !names.some((name) => rest(path, name) !== undefined));
