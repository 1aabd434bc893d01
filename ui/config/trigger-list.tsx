import { ActionIcon, Button, Menu, Switch, Text, TextInput } from '@mantine/core';
import { Plus, Trash2, Zap } from 'lucide-react';
import { unused } from '#shared/definition/slug.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { iconOf } from '#ui/kit/icons.ts';
import { Notice } from '#ui/kit/notice.tsx';
import type { CatalogView } from './catalog-view.ts';
import classes from './config.module.css';
import type { FieldHints } from './form-context.ts';
import { ProblemList } from './problem-list.tsx';
import { problemsElsewhere, problemsUnder } from './problems-at.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { SchemaForm } from './schema-form.tsx';
import type { SectionProps } from './workflow-panel.tsx';

const FILES: FieldHints = {
  path: { label: 'Files', placeholder: 'src/**/*.{ts,tsx}' },
  pattern: { label: 'Also match', placeholder: '**/*.test.ts' },
  ignored: { label: 'Leave out' },
  settle: { label: 'Settle time' },
  dotfiles: { label: 'Hidden files', description: 'Whether files whose name begins with a dot count' },
  events: { description: 'What has to happen to a file: it is added, changed or deleted (unlink)' },
};

const START: Record<string, JsonObject> = {
  schedule: { cron: '0 9 * * *' },
  file_change: { path: '**/*', events: ['add', 'change'] },
};

function TriggerCard({
  trigger,
  index,
  kind,
  scope,
  problems,
  isReadOnly,
  onChange,
}: SectionProps & { trigger: JsonObject; index: number; kind: CatalogView['triggers'][number] | undefined }) {
  const at = ['triggers', index];
  const id = typeof trigger.id === 'string' ? trigger.id : '';
  const type = typeof trigger.type === 'string' ? trigger.type : '';
  const Icon = iconOf(kind?.icon ?? 'box');
  const config = isObject(trigger.config) ? trigger.config : {};
  const own = problemsUnder(problems, at);
  const form = {
    schema: kind?.config ?? {},
    scope,
    isReadOnly,
    problems: problemsUnder(own, ['config']),
    onChange: (path: readonly (string | number)[], value: Json | undefined) =>
      onChange([...at, 'config', ...path], value ?? (path.length === 0 ? {} : undefined)),
  };
  return (
    <section className={classes.card} aria-label={`Trigger ${id || index + 1}`}>
      <div className={classes.cardHead}>
        <Icon size={16} aria-hidden style={{ color: 'var(--house-accent)' }} />
        <Text fw={600} className="one-line">
          {kind?.title ?? type}
        </Text>
        <Switch
          ml="auto"
          label="Enabled"
          checked={trigger.enabled !== false}
          disabled={isReadOnly}
          onChange={(event) => onChange([...at, 'enabled'], event.currentTarget.checked ? undefined : false)}
        />
        {!isReadOnly && (
          <ActionIcon
            aria-label={`Remove the trigger ${id || index + 1}`}
            onClick={() => onChange(at, undefined)}
          >
            <Trash2 size={14} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <Text size="sm" c="var(--house-muted)">
        {kind?.description ?? 'This type of trigger is not known here.'}
      </Text>
      <TextInput
        label="Id"
        value={id}
        placeholder={type}
        readOnly={isReadOnly}
        onChange={(event) => onChange([...at, 'id'], event.currentTarget.value || undefined)}
      />
      <ProblemList problems={problemsElsewhere(own, ['config'])} />
      {type === 'schedule' ? (
        <ScheduleForm {...form} config={config} />
      ) : (
        <SchemaForm {...form} isFixed value={config} fieldHints={type === 'file_change' ? FILES : {}} />
      )}
    </section>
  );
}

/** A trigger of a type, ready to be changed. */
function newTrigger(type: string, triggers: readonly Json[]): JsonObject {
  const taken = new Set(
    triggers.flatMap((one) => (isObject(one) && typeof one.id === 'string' ? [one.id] : [])),
  );
  const config = START[type];
  return { id: unused(type === 'file_change' ? 'on_change' : type, taken), type, ...(config && { config }) };
}

/** What starts the workflow. */
export function TriggerList(props: SectionProps) {
  const { definition, catalog, isReadOnly, onChange } = props;
  const triggers = Array.isArray(definition.triggers) ? definition.triggers : [];
  const add = (type: string): void => onChange(['triggers'], [...triggers, newTrigger(type, triggers)]);
  return (
    <div className={classes.panel}>
      {triggers.length === 0 && (
        <Notice
          title="No triggers"
          detail="The workflow can be started by hand. Add a trigger to have it started by a schedule or by files that change."
        />
      )}
      {triggers.map((trigger, index) => {
        const given = isObject(trigger) ? trigger : {};
        return (
          <TriggerCard
            // biome-ignore lint/suspicious/noArrayIndexKey: a trigger keeps the focus in it while its id is typed
            key={index}
            {...props}
            trigger={given}
            index={index}
            kind={catalog.triggers.find(({ type }) => type === given.type)}
          />
        );
      })}
      {!isReadOnly && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" w="fit-content" leftSection={<Plus size={14} aria-hidden />}>
              Add a trigger
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {catalog.triggers.map(({ type, title, icon }) => {
              const Icon = icon === '' ? Zap : iconOf(icon);
              return (
                <Menu.Item key={type} leftSection={<Icon size={14} aria-hidden />} onClick={() => add(type)}>
                  {title}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
