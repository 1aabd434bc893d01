import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import type { Preview } from './preview.ts';
import type { ScopeInfo } from './scope-info.ts';

/** The evaluator is fetched with the first expression, and kept. */
const evaluatorQuery = {
  queryKey: ['evaluator'],
  queryFn: () => import('./preview.ts'),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
};

/** What a text gives now, following the typing without holding it up; undefined for a text with nothing to evaluate. */
export function usePreview(value: string, scope: ScopeInfo, isCondition: boolean): Preview | undefined {
  const text = useDeferredValue(value);
  const isPlain = isCondition ? text.trim() === '' : !text.includes('{{');
  const { data: evaluator } = useQuery({ ...evaluatorQuery, enabled: !isPlain });
  return useMemo(
    () => (isPlain ? undefined : evaluator?.preview(text, scope, isCondition)),
    [evaluator, isPlain, text, scope, isCondition],
  );
}
