/** One thing wrong with a definition: what, where, and how to mend it. */
export interface Problem {
  /** Stable slug with a section in docs/errors.md. */
  code: string;
  message: string;
  /** Where in the definition: `steps[2].action.parameters.path`. */
  path: string;
  /** 1-based position in the source; absent where there is no source text. */
  line?: number;
  column?: number;
  fix?: string;
}

export type Path = readonly (string | number)[];

/** `['steps', 2, 'action']` → `steps[2].action`. */
export const formatPath = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
