import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JsonObject } from '#shared/json.ts';
import { knownWorkflowsQuery } from '#ui/api/queries.ts';
import { ActionPicker } from './action-picker.tsx';
import { actionOf, type CatalogView } from './catalog-view.ts';
import type { ControlProps, FieldHint, FieldHints } from './form-context.ts';

/** A name of one's own choice among those there are; one that is written in stays. */
export function NameSelect({
  names,
  ...props
}: ControlProps & { names: { value: string; label: string }[] }) {
  const { id, label, value, onChange, isReadOnly, isInvalid } = props;
  const chosen = typeof value === 'string' ? value : null;
  const isKnown = chosen === null || chosen === '' || names.some((name) => name.value === chosen);
  return (
    <Select
      id={id}
      aria-label={label}
      searchable
      readOnly={isReadOnly}
      error={isInvalid ?? false}
      data={isKnown ? names : [...names, { value: chosen, label: chosen }]}
      value={chosen}
      placeholder={names.length === 0 ? 'There are none' : 'Choose'}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

/** One of the workflows there are, by name; what is chosen is its id. */
function WorkflowSelect(props: ControlProps) {
  const { data = [] } = useQuery(knownWorkflowsQuery);
  return <NameSelect {...props} names={data.map(({ id, name }) => ({ value: id, label: name }))} />;
}

const WORKFLOW: FieldHint = { label: 'Workflow', control: (props) => <WorkflowSelect {...props} /> };

/** What the form of a step that runs a workflow is told besides its schema. */
export const WORKFLOW_HINTS: FieldHints = { workflowId: WORKFLOW };

const titled = ({ title, name }: { title: string; name: string }): string =>
  title === '' || title === name ? name : `${title} · ${name}`;

const pluginNames = ({ plugins }: CatalogView) =>
  plugins.map(({ id, status }) => ({ value: id, label: status === 'running' ? id : `${id} (${status})` }));

const commandNames = ({ plugins }: CatalogView, plugin: string | undefined) =>
  plugins
    .filter(({ id }) => plugin === undefined || id === plugin)
    .flatMap(({ commands }) => commands.map((command) => ({ value: command.name, label: titled(command) })));

/** The command that `plugin.execute` would run, where a plugin has told of it. */
export function commandOf({ plugins }: CatalogView, { pluginId, command }: JsonObject) {
  return plugins.find(({ id }) => id === pluginId)?.commands.find(({ name }) => name === command);
}

/** What the form of an action is told besides its schema. */
export function actionHints(catalog: CatalogView, type: string, parameters: JsonObject): FieldHints {
  const literal = actionOf(catalog, type)?.literal ?? [];
  const hints: Record<string, FieldHints[string]> = { schema: { as: 'any' } };
  for (const name of type === 'code.run' ? [...literal, 'code'] : literal) hints[name] = { as: 'code' };
  if (type === 'workflow.run') return { ...hints, ...WORKFLOW_HINTS };
  if (type !== 'plugin.execute') return hints;
  const { pluginId } = parameters;
  const isObjectForm = commandOf(catalog, parameters) !== undefined && !Array.isArray(parameters.arguments);
  return {
    ...hints,
    pluginId: { label: 'Plugin', control: (props) => <NameSelect {...props} names={pluginNames(catalog)} /> },
    command: {
      control: (props) => (
        <NameSelect
          {...props}
          names={commandNames(catalog, typeof pluginId === 'string' ? pluginId : undefined)}
        />
      ),
    },
    ...(isObjectForm && { arguments: { as: 'hidden' } }),
  };
}

/** What the form of an agent is told besides its schema. */
export const agentHints = (catalog: CatalogView): FieldHints => ({
  output: { as: 'any' },
  'tools.workflow': WORKFLOW,
  'tools.action': {
    control: ({ id, label, value, onChange, isReadOnly }) => (
      <ActionPicker
        {...{ catalog, id, label, isReadOnly }}
        value={typeof value === 'string' && value !== '' ? value : undefined}
        onPick={onChange}
      />
    ),
  },
  'tools.plugin': { control: (props) => <NameSelect {...props} names={pluginNames(catalog)} /> },
  'tools.command': { control: (props) => <NameSelect {...props} names={commandNames(catalog, undefined)} /> },
});
