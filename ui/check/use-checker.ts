import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { catalogQuery } from '#ui/api/queries.ts';
import { type Checked, type Checker, createChecker } from './checker.ts';

/** A checker with the catalogue of this installation; `undefined` until that is there. */
export function useChecker(): Checker | undefined {
  const { data } = useQuery(catalogQuery);
  const [checker, setChecker] = useState<Checker>();
  useEffect(() => {
    if (!data) return;
    const created = createChecker({ actions: data.items, plugins: data.plugins });
    setChecker(created);
    return () => {
      created.close();
      setChecker(undefined);
    };
  }, [data]);
  return checker;
}

/** What is known of a text, or was of the text before it; `undefined` until a first check is through. */
export function useChecked(checker: Checker | undefined, text: string | undefined): Checked | undefined {
  const [checked, setChecked] = useState<Checked>();
  useEffect(() => {
    if (!checker || text === undefined) return;
    let isCurrent = true;
    checker.check(text).then(
      (found) => isCurrent && setChecked(found),
      (thrown: Error) =>
        isCurrent && setChecked({ problems: [{ code: 'internal', message: thrown.message, path: '' }] }),
    );
    return () => {
      isCurrent = false;
    };
  }, [checker, text]);
  return checked;
}
