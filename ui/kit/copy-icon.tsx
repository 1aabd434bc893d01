import { ActionIcon, CopyButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';

/** Copies a text; `what` says which, for those who do not see what it stands beside. */
export function CopyIcon({ value, what = value }: { value: string; what?: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <ActionIcon size="sm" aria-label={copied ? 'Copied' : `Copy ${what}`} onClick={copy}>
          {copied ? <Check size={12} aria-hidden /> : <Copy size={12} aria-hidden />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
