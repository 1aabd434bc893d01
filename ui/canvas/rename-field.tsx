import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useCanvasStore } from './canvas-store.ts';

/** A step's name while it is being changed in place: Enter takes it, Escape leaves it. */
export function RenameField({ id, name }: { id: string; name: string }) {
  const store = useCanvasStore();
  const [text, setText] = useState(name);
  const finish = (isTaken: boolean): void => {
    if (isTaken && text.trim() !== '' && text !== name) store.getState().onRename?.(id, text.trim());
    store.setState({ renaming: undefined });
    store.getState().onRenamed?.();
  };
  return (
    <TextInput
      className="nodrag nopan"
      aria-label="Name of the step"
      value={text}
      maxLength={200}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(true);
        if (event.key === 'Escape') finish(false);
      }}
    />
  );
}
