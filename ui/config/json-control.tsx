import { SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '#shared/json.ts';
import { LazyEditor } from '#ui/expression/lazy-editor.tsx';
import { LongControl, type TextProps } from './controls.tsx';
import { type ControlProps, useForm } from './form-context.ts';

const write = (value: Json | undefined): string =>
  value === undefined ? '' : JSON.stringify(value, null, 2);

type Read = { value: Json | undefined } | { problem: string };

function read(text: string): Read {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as Json };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** A value as JSON text; it is taken when it can be read, and says what is wrong until then. */
export function JsonControl({ label, value, onChange, isReadOnly, describedBy, placeholder }: ControlProps) {
  const { isFixed } = useForm();
  const [draft, setDraft] = useState({ text: write(value), value });
  // A value that was changed elsewhere comes in; one's own keeps the form it was written in.
  const text = JSON.stringify(draft.value) === JSON.stringify(value) ? draft.text : write(value);
  const parsed = read(text);
  const problem = 'problem' in parsed ? parsed.problem : undefined;
  const change = (next: string): void => {
    const found = read(next);
    if ('problem' in found) {
      setDraft({ text: next, value });
      return;
    }
    setDraft({ text: next, value: found.value });
    onChange(found.value);
  };
  return (
    <div>
      <LazyEditor
        {...{ label, isReadOnly, describedBy, placeholder }}
        value={text}
        onChange={change}
        language="json"
        rows={4}
        error={problem === undefined ? undefined : { position: text.length, message: problem }}
      />
      <Text
        size="xs"
        c={problem === undefined ? 'var(--house-muted)' : 'var(--state-failure)'}
        className="inert"
      >
        {problem === undefined
          ? isFixed
            ? 'JSON'
            : 'JSON; its texts may hold {{ expressions }}.'
          : `This is not JSON yet: ${problem} The last JSON that could be read is kept.`}
      </Text>
    </div>
  );
}

/** A value of any type: a text, or JSON for everything else. */
export function AnyControl(props: TextProps & { isLong: boolean }) {
  const { label, value, isReadOnly, onChange } = props;
  const [chosen, setChosen] = useState<'text' | 'json'>('text');
  const mode = value === undefined || typeof value === 'string' ? chosen : 'json';
  const change = (next: string): void => {
    setChosen(next as 'text' | 'json');
    const parsed = read(typeof value === 'string' ? value : '');
    if (next === 'text' && value !== undefined && typeof value !== 'string') onChange(JSON.stringify(value));
    else if (next === 'json' && 'value' in parsed && parsed.value !== undefined) onChange(parsed.value);
  };
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={`${label}: type`}
        w="fit-content"
        mb={4}
        readOnly={isReadOnly}
        data={[
          { value: 'text', label: 'Text' },
          { value: 'json', label: 'JSON' },
        ]}
        value={mode}
        onChange={change}
      />
      {mode === 'text' ? <LongControl {...props} rows={props.isLong ? 3 : 1} /> : <JsonControl {...props} />}
    </>
  );
}
