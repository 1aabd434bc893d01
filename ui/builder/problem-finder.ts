import { useEffect } from 'react';
import { useChecker } from '#ui/check/use-checker.ts';
import type { Texts } from '#ui/document/texts.ts';
import { tellError } from '#ui/kit/toast.ts';
import { useEditing, useEditingStore } from './store.ts';

/** Quiet time after a change before the draft is checked, in milliseconds. */
const QUIET = 300;

/** Checks the draft as it changes; what is found stands in the store. Draws nothing. */
export function ProblemFinder({ texts }: { texts: Texts }): null {
  const store = useEditingStore();
  const checker = useChecker();
  const present = useEditing(({ history }) => history.present);
  useEffect(() => {
    if (!checker) return;
    let isCurrent = true;
    const check = async (): Promise<void> => {
      const { problems } = await checker.check(await texts.of(present));
      if (isCurrent) store.getState().setProblems(problems);
    };
    const timer = setTimeout(
      () => void check().catch((thrown) => isCurrent && tellError('The draft could not be checked', thrown)),
      QUIET,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [checker, texts, present, store]);
  return null;
}
