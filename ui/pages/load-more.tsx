import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';

/** Loads what comes next when scrolled to, or when asked. */
export function LoadMore({
  hasMore,
  isLoading,
  hasFailed,
  onMore,
}: {
  hasMore: boolean;
  isLoading: boolean;
  /** Then it is asked for by the button only. */
  hasFailed: boolean;
  onMore: () => unknown;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element || !hasMore || isLoading || hasFailed) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && void onMore());
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [hasMore, isLoading, hasFailed, onMore]);
  if (!hasMore) return null;
  return (
    <div ref={place} style={{ display: 'grid', placeItems: 'center', padding: 8 }}>
      <Button variant="subtle" loading={isLoading} onClick={() => void onMore()}>
        {hasFailed ? 'The rest could not be loaded; try again' : 'Load more'}
      </Button>
    </div>
  );
}
