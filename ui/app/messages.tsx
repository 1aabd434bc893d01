import { useNotifications } from '@mantine/notifications';
import { Suspense, useEffect, useState } from 'react';
import { late, whenIdle } from '#ui/kit/late.ts';

const Notifications = late(async () => (await import('./notifications.tsx')).CornerNotifications);

/** What `tell` says, in the corner. What draws it is fetched when the page is idle, or with the first message. */
export function Messages() {
  const [hasTold, setTold] = useState(false);
  const { notifications } = useNotifications();
  // Once there, it stays: the last message fades in its own time.
  if (notifications.length > 0 && !hasTold) setTold(true);
  useEffect(() => whenIdle([Notifications.prefetch]), []);
  return <Suspense>{hasTold && <Notifications />}</Suspense>;
}
