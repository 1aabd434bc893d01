import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { catalogQuery } from '#ui/api/queries.ts';
import { type Checker, createChecker } from './checker.ts';

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
