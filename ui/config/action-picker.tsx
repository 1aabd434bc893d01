import { Group, Select, Text } from '@mantine/core';
import { useMemo } from 'react';
import { iconOf } from '#ui/kit/icons.ts';
import type { CatalogView } from './catalog-view.ts';

/** Actions as a picker lists them: by group, those that are left out left out. */
function groupsOf({ items }: CatalogView): { group: string; items: { value: string; label: string }[] }[] {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const { type, title, group } of items) {
    const list = groups.get(group) ?? [];
    list.push({ value: type, label: `${title} · ${type}` });
    groups.set(group, list);
  }
  return [...groups].map(([group, list]) => ({ group, items: list }));
}

/** One action of the library, found by its title, type or description. */
export function ActionPicker({
  catalog,
  value,
  label,
  isReadOnly,
  onPick,
  id,
}: {
  catalog: CatalogView;
  value: string | undefined;
  label: string;
  isReadOnly: boolean;
  onPick(type: string): void;
  id?: string;
}) {
  const groups = useMemo(() => groupsOf(catalog), [catalog]);
  const byType = useMemo(() => new Map(catalog.items.map((item) => [item.type, item])), [catalog]);
  const isKnown = value === undefined || byType.has(value);
  const Icon = iconOf(byType.get(value ?? '')?.icon ?? 'play');
  return (
    <Select
      {...(id !== undefined && { id })}
      aria-label={label}
      placeholder="Choose an action"
      searchable
      readOnly={isReadOnly}
      allowDeselect={false}
      data={isKnown ? groups : [{ group: 'Not in the library', items: [value] }, ...groups]}
      value={value ?? null}
      leftSection={<Icon size={14} aria-hidden />}
      nothingFoundMessage="No action is called so."
      maxDropdownHeight={320}
      onChange={(type) => type !== null && onPick(type)}
      renderOption={({ option }) => {
        const action = byType.get(option.value);
        const OptionIcon = iconOf(action?.icon ?? 'play');
        return (
          <Group gap={8} wrap="nowrap" align="flex-start">
            <OptionIcon size={14} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
            <div style={{ minWidth: 0 }}>
              <Text size="sm">{action?.title ?? option.label}</Text>
              <Text size="xs" c="var(--house-muted)">
                {option.value}
              </Text>
            </div>
          </Group>
        );
      }}
    />
  );
}
