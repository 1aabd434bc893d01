import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Notice } from '#ui/kit/notice.tsx';

/** Keeps a page, or a part of one, that fails from taking what is around it along, and says what happened. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Notice
        kind="error"
        title="This could not be shown"
        detail={`${error.message} What you edited is kept in this browser.`}
        action={<Button onClick={() => window.location.reload()}>Load it again</Button>}
      />
    );
  }
}
