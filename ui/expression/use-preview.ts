import { useDeferredValue, useMemo } from 'react';
import { type Preview, preview } from './preview.ts';
import type { ScopeInfo } from './scope-info.ts';

/** What a text gives now, following the typing without holding it up; undefined for a text with nothing to evaluate. */
export function usePreview(value: string, scope: ScopeInfo, isCondition: boolean): Preview | undefined {
  const text = useDeferredValue(value);
  return useMemo(() => {
    const isPlain = isCondition ? text.trim() === '' : !text.includes('{{');
    return isPlain ? undefined : preview(text, scope, isCondition);
  }, [text, scope, isCondition]);
}
