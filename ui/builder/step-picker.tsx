import { Modal, ScrollArea, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { iconOf } from '#ui/kit/icons.ts';
import classes from './step-picker.module.css';
import { found, type Template } from './templates.ts';

/** Finds a kind of step by typing: arrows move, Enter takes it. */
export function StepPicker({
  title,
  templates,
  onPick,
  onClose,
}: {
  title: string;
  templates: readonly Template[];
  onPick: (template: Template) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const hits = found(templates, search);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((at) => Math.min(hits.length - 1, Math.max(0, at + step)));
    }
    const hit = hits[active];
    if (event.key === 'Enter' && hit) {
      event.preventDefault();
      onPick(hit);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size="md">
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={hits[active] && `${listId}-${active}`}
        aria-label="Search steps"
        placeholder="Search steps"
        leftSection={<Search size={14} />}
        value={search}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
      />
      <ScrollArea h={360} mt="sm" viewportProps={{ tabIndex: -1 }}>
        <div role="listbox" id={listId} aria-label="Steps">
          {hits.map((template, index) => (
            <Option
              key={template.key}
              id={`${listId}-${index}`}
              template={template}
              isActive={index === active}
              onPick={onPick}
            />
          ))}
        </div>
      </ScrollArea>
    </Modal>
  );
}

interface OptionProps {
  id: string;
  template: Template;
  isActive: boolean;
  onPick: (template: Template) => void;
}

function Option({ id, template, isActive, onPick }: OptionProps) {
  const Icon = iconOf(template.icon);
  return (
    <div
      role="option"
      id={id}
      tabIndex={-1}
      aria-selected={isActive}
      ref={(element) => {
        if (isActive) element?.scrollIntoView({ block: 'nearest' });
      }}
      className={classes.option}
      onClick={() => onPick(template)}
      onKeyDown={(event) => event.key === 'Enter' && onPick(template)}
    >
      <Icon size={16} aria-hidden />
      <span className={classes.words}>
        <span>{template.title}</span>
        <span className={`${classes.description} one-line`}>{template.description}</span>
      </span>
      <span className={classes.group}>{template.group}</span>
    </div>
  );
}
