import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { paths } from '#ui/app/paths.ts';
import { Notice } from '#ui/kit/notice.tsx';

/** For an address that leads nowhere. */
export function Missing() {
  return (
    <Notice
      title="There is no such page"
      detail="The address may be mistyped, or what it named is gone."
      action={
        <Button component={Link} href={paths.workflows}>
          Go to the workflows
        </Button>
      }
    />
  );
}
