import { Chip, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import type { WorkflowFilter } from '#ui/api/queries.ts';
import classes from './workflows.module.css';

const TYPING = 250;
const MOST_TAGS = 12;

/** What narrows the list down: a text, a tag, the switch. */
export function FilterBar({
  filter,
  tags,
  count,
  searchRef,
  onChange,
}: {
  filter: WorkflowFilter;
  tags: readonly string[];
  count: string;
  searchRef: RefObject<HTMLInputElement | null>;
  onChange: (filter: WorkflowFilter) => void;
}) {
  const { tag, enabled } = filter;
  return (
    <search className={classes.bar} aria-label="Workflows">
      <SearchField filter={filter} searchRef={searchRef} onChange={onChange} />
      <Select
        aria-label="Switched on or off"
        data={[
          { value: 'all', label: 'On and off' },
          { value: 'on', label: 'Switched on' },
          { value: 'off', label: 'Switched off' },
        ]}
        value={enabled === undefined ? 'all' : enabled ? 'on' : 'off'}
        onChange={(value) => onChange({ ...filter, enabled: value === 'all' ? undefined : value === 'on' })}
        allowDeselect={false}
        w={130}
        flex="none"
      />
      <Chip.Group value={tag ?? null} multiple={false}>
        <Group gap={4} wrap="nowrap" className={classes.tags} role="group" aria-label="Tags">
          {tags.slice(0, MOST_TAGS).map((each) => (
            <Chip
              key={each}
              value={each}
              size="xs"
              onClick={() => onChange({ ...filter, tag: each === tag ? undefined : each })}
            >
              {each}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <span className={classes.count} role="status">
        {count}
      </span>
    </search>
  );
}

function SearchField({
  filter,
  searchRef,
  onChange,
}: {
  filter: WorkflowFilter;
  searchRef: RefObject<HTMLInputElement | null>;
  onChange: (filter: WorkflowFilter) => void;
}) {
  const [text, setText] = useState(filter.search ?? '');
  const search = useDebouncedCallback(
    (wanted: string) => onChange({ ...filter, search: wanted.trim() || undefined }),
    TYPING,
  );
  useEffect(() => {
    // What the address says counts, unless it is being typed.
    if (document.activeElement !== searchRef.current) setText(filter.search ?? '');
  }, [filter.search, searchRef]);
  return (
    <TextInput
      ref={searchRef}
      className={classes.search}
      aria-label="Search workflows"
      placeholder="Search (press /)"
      leftSection={<Search size={14} aria-hidden />}
      value={text}
      maxLength={200}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
      onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
    />
  );
}
