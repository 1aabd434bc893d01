import { notifications } from '@mantine/notifications';
import { createElement } from 'react';
import { Refused } from '#ui/api/client.ts';
import { UndoMessage } from './undo-message.tsx';

/** How long a toast with an undo stays, in milliseconds. */
export const UNDO_TIME = 8_000;

/** Says that something is done. */
export const tell = (message: string): void =>
  void notifications.show({ message, color: 'gray', autoClose: 4_000 });

/** Says what failed, where, and what to do. */
export function tellError(what: string, thrown: unknown): void {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const fix = thrown instanceof Refused ? (thrown.problem.fix ?? '') : '';
  notifications.show({ title: what, message: `${detail} ${fix}`.trim(), color: 'red', autoClose: 12_000 });
}

/** Says that something is done and offers to take it back. */
export function tellWithUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    color: 'gray',
    autoClose: UNDO_TIME,
    message: createElement(UndoMessage, {
      message,
      onUndo: () => {
        notifications.hide(id);
        undo();
      },
    }),
  });
}
