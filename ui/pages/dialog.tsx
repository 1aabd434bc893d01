import { Modal, type ModalProps } from '@mantine/core';
import classes from './dialog.module.css';

/** A dialog over a page. Whoever shows it takes it away in `onClose`. */
export function Dialog({ children, ...rest }: Omit<ModalProps, 'closeButtonProps' | 'classNames'>) {
  return (
    <Modal {...rest} classNames={{ content: classes.content }} closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
    </Modal>
  );
}
