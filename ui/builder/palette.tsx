import { ScrollArea, TextInput, Tooltip } from '@mantine/core';
import { Search } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import { STEP_DRAG } from '#ui/canvas/use-drops.ts';
import { iconOf } from '#ui/kit/icons.ts';
import classes from './palette.module.css';
import { found, type Template } from './templates.ts';

const grouped = (templates: readonly Template[]): [string, Template[]][] => {
  const groups = new Map<string, Template[]>();
  for (const template of templates)
    groups.set(template.group, [...(groups.get(template.group) ?? []), template]);
  return [...groups];
};

interface PaletteProps {
  templates: readonly Template[];
  onAdd: (template: Template) => void;
}

/** Every kind of step there is: dragged onto the canvas, or added behind the selected step by a click. */
export const Palette = memo(function Palette({ templates, onAdd }: PaletteProps) {
  const [search, setSearch] = useState('');
  const groups = useMemo(() => grouped(found(templates, search)), [templates, search]);
  return (
    <aside className={classes.palette} aria-label="Steps">
      <TextInput
        m="sm"
        placeholder="Search steps"
        aria-label="Search steps"
        leftSection={<Search size={14} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ScrollArea flex={1} type="auto" viewportProps={{ tabIndex: -1 }}>
        {groups.map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h2 className={classes.group}>{group}</h2>
            {members.map((template) => (
              <Entry key={template.key} template={template} onAdd={onAdd} />
            ))}
          </section>
        ))}
        {groups.length === 0 && <p className={classes.none}>No step goes by that name.</p>}
      </ScrollArea>
    </aside>
  );
});

function Entry({ template, onAdd }: { template: Template; onAdd: (template: Template) => void }) {
  const { key, title, description, icon } = template;
  const Icon = iconOf(icon);
  return (
    <Tooltip label={description} position="right">
      <button
        type="button"
        className={classes.entry}
        draggable
        data-testid={`palette-${key}`}
        onDragStart={(event) => {
          event.dataTransfer.setData(STEP_DRAG, key);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => onAdd(template)}
      >
        <Icon size={15} aria-hidden />
        <span className="one-line">{title}</span>
      </button>
    </Tooltip>
  );
}
