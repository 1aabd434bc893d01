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

/** What a plugin's trigger is to be told, as the plugin declares it; names to choose from where they are known. */
function pluginSchema(schema: JsonObject, { plugins }: CatalogView, config: JsonObject): JsonObject {
  const sending = plugins.filter(({ triggers }) => triggers.length > 0);
  const chosen = sending.find(({ id }) => id === config.pluginId);
  const declared = chosen?.triggers.find(({ type }) => type === config.trigger)?.configSchema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const choice = (field: Json | undefined, names: string[], now: Json | undefined): Json =>
    isObject(field) && (now === undefined || names.includes(String(now))) && names.length > 0
      ? { ...field, enum: names }
      : (field ?? {});
  return {
    ...schema,
    properties: {
      ...properties,
      pluginId: choice(
        properties.pluginId,
        sending.map(({ id }) => id),
        config.pluginId,
      ),
      trigger: choice(properties.trigger, chosen?.triggers.map(({ type }) => type) ?? [], config.trigger),
      ...(declared && { config: declared as JsonObject }),
    },
  };
}

const PLUGIN: FieldHints = {
  pluginId: { label: 'Plugin' },
  trigger: { label: 'Event' },
  config: { label: 'Settings of the event' },
};

const WEBHOOK: FieldHints = {
  auth: { label: 'Callers show that they may by' },
  previousSecret: { label: 'Previous secret' },
  when: { as: 'expression', label: 'Only when', placeholder: "trigger.body.action == 'opened'" },
};

/** Names of secrets to choose from, where there are any. */
function webhookSchema(schema: JsonObject, secrets: string[]): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const choice = (field: Json | undefined): Json =>
    isObject(field) && secrets.length > 0 ? { ...field, enum: secrets } : (field ?? {});
  return {
    ...schema,
    properties: {
      ...properties,
      secret: choice(properties.secret),
      previousSecret: choice(properties.previousSecret),
    },
  };
}

/** The form of a trigger's config: as its type says, with the names there are to choose from. */
function schemaOf(type: string, schema: JsonObject, config: JsonObject, known: SectionProps): JsonObject {
  if (type === 'plugin') return pluginSchema(schema, known.catalog, config);
  return type === 'webhook' ? webhookSchema(schema, known.scope.secrets) : schema;
}

const WHEN: FieldHints = { when: { as: 'expression', label: 'Only when' } };

const HINTS: Record<string, FieldHints> = {
  file_change: FILES,
  plugin: PLUGIN,
  webhook: WEBHOOK,
  activity: { ...WHEN, event: { placeholder: 'build.*' } },
  escalation: WHEN,
  chat: { ...WHEN, session: { label: 'Only in the session' } },
};

/** The first event that a plugin can send. */
function firstEvent({ plugins }: CatalogView): JsonObject {
  const [plugin] = plugins.filter(({ triggers }) => triggers.length > 0);
  const [trigger] = plugin?.triggers ?? [];
  return { pluginId: plugin?.id ?? '', trigger: trigger?.type ?? '', config: {} };
}

const START: Record<string, JsonObject> = {
  schedule: { cron: '0 9 * * *' },
  webhook: { auth: 'standard', secret: '' },
  activity: { event: '' },
  chat: { command: '/' },
  file_change: { path: '**/*', events: ['add', 'change'] },
};

function TriggerCard(
  props: SectionProps & {
    trigger: JsonObject;
    index: number;
    kind: CatalogView['triggers'][number] | undefined;
  },
) {
  const { trigger, index, kind, scope, problems, isReadOnly, onChange } = props;
  const at = ['triggers', index];
  const id = typeof trigger.id === 'string' ? trigger.id : '';
  const type = typeof trigger.type === 'string' ? trigger.type : '';
  const Icon = iconOf(kind?.icon ?? 'box');
  const config = isObject(trigger.config) ? trigger.config : {};
  const own = problemsUnder(problems, at);
  const form = {
    schema: schemaOf(type, kind?.config ?? {}, config, props),
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
        <SchemaForm {...form} isFixed value={config} fieldHints={HINTS[type] ?? {}} />
      )}
    </section>
  );
}

/** A trigger of a type, ready to be changed. */
function newTrigger(type: string, triggers: readonly Json[], catalog: CatalogView): JsonObject {
  const taken = new Set(
    triggers.flatMap((one) => (isObject(one) && typeof one.id === 'string' ? [one.id] : [])),
  );
  const config = type === 'plugin' ? firstEvent(catalog) : START[type];
  return { id: unused(type === 'file_change' ? 'on_change' : type, taken), type, ...(config && { config }) };
}

/** What starts the workflow. */
export function TriggerList(props: SectionProps) {
  const { definition, catalog, isReadOnly, onChange } = props;
  const triggers = Array.isArray(definition.triggers) ? definition.triggers : [];
  const add = (type: string): void =>
    onChange(['triggers'], [...triggers, newTrigger(type, triggers, catalog)]);
  return (
    <div className={classes.panel}>
      {triggers.length === 0 && (
        <Notice
          title="No triggers"
          detail="The workflow can be started by hand. Add a trigger to have it started by a schedule, by files that change, by other systems, by a word in the chat or by a plugin."
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
