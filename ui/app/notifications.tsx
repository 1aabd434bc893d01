import { Notifications } from '@mantine/notifications';

/** Messages in the corner, above everything. */
export const CornerNotifications = () => <Notifications position="bottom-right" limit={4} />;
