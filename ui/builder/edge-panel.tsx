import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { memo } from 'react';
import type { ConditionType } from '#shared/definition/workflow.ts';
import { isSame } from '#shared/json.ts';
import { changeEdge, connect, disconnect, type EdgeCondition, targetsOf } from '#ui/document/edges.ts';
import { type EdgePlace, outlineOf, type StepPlace } from '#ui/document/outline.ts';
import { ExpressionField } from '#ui/expression/expression-field.tsx';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { useStable } from '#ui/kit/use-stable.ts';
import { useDefinition, useEditing } from './store.ts';

const KINDS: { value: ConditionType; label: string }[] = [
  { value: 'success', label: 'on success' },
  { value: 'failure', label: 'on failure' },
  { value: 'expression', label: 'when an expression holds' },
  { value: 'otherwise', label: 'otherwise' },
  { value: 'always', label: 'always' },
];

/** A condition step answers yes or no on its edges. */
const kindsOf = (source: StepPlace | undefined) =>
  source?.type === 'condition'
    ? KINDS.map((kind) =>
        kind.value === 'success'
          ? { ...kind, label: 'if yes' }
          : kind.value === 'failure'
            ? { ...kind, label: 'if no' }
            : kind,
      )
    : KINDS;

const conditionOf = ({ type, expression, label }: EdgePlace): EdgeCondition => ({
  type,
  ...(expression !== undefined && { expression }),
  ...(label !== undefined && { label }),
});

/** What an edge asks before it is followed, and its label. */
export function EdgeForm({ edge, scope }: { edge: EdgePlace; scope: ScopeInfo }) {
  const edit = useEditing((state) => state.edit);
  const source = outlineOf(useDefinition()).steps.get(edge.source);
  const change = (part: Partial<EdgeCondition>, key?: string): void =>
    edit((definition) => changeEdge(definition, edge.id, { ...conditionOf(edge), ...part }), key);
  return (
    <Stack gap="xs">
      <Select
        label="Followed"
        data={kindsOf(source)}
        value={edge.type}
        allowDeselect={false}
        onChange={(type) => change({ type: (type ?? 'success') as ConditionType })}
      />
      {edge.type === 'expression' && (
        <ExpressionField
          label="Expression"
          isCondition
          value={edge.expression ?? ''}
          onChange={(expression) => change({ expression }, `${edge.id} expression`)}
          scope={scope}
          isReadOnly={false}
        />
      )}
      <TextInput
        label="Label"
        value={edge.label ?? ''}
        maxLength={200}
        onChange={(event) => change({ label: event.currentTarget.value }, `${edge.id} label`)}
      />
    </Stack>
  );
}

/** The panel of one selected edge. */
export function EdgePanel({ edge, scope }: { edge: EdgePlace; scope: ScopeInfo }) {
  const { edit, select } = useEditing((state) => state);
  const { steps } = outlineOf(useDefinition());
  return (
    <Stack p="md" gap="sm">
      <Text fw={600} className="inert">
        {steps.get(edge.source)?.name} → {steps.get(edge.target)?.name}
      </Text>
      <EdgeForm edge={edge} scope={scope} />
      <Button
        variant="light"
        color="red"
        onClick={() => {
          edit((definition) => disconnect(definition, edge.id));
          select([]);
        }}
      >
        Remove this edge
      </Button>
    </Stack>
  );
}

/** Where a step leads, and could lead. */
type Leads = {
  id: string;
  edges: { id: string; target: string; label: string }[];
  targets: { value: string; label: string }[];
};

function leadsOf(place: StepPlace): Leads {
  const { id, list } = place;
  const names = new Map(list.places.map((other) => [other.id, other.name]));
  const kinds = new Map<string, string>(kindsOf(place).map(({ value, label }) => [value, label]));
  return {
    id,
    edges: list.edges
      .filter(({ source }) => source === id)
      .map((edge) => ({
        id: edge.id,
        target: names.get(edge.target) ?? edge.target,
        label: kinds.get(edge.type) ?? '',
      })),
    targets: targetsOf(place).map((target) => ({
      value: target.id,
      label: target.name === target.id ? target.id : `${target.name} (${target.id})`,
    })),
  };
}

/** The edges that lead on from a step: the keyboard's way of drawing them. */
export function LeadsTo({ place }: { place: StepPlace }) {
  // A definition that changed elsewhere leads to the same steps: as many options need not be drawn again.
  return <LeadsOn leads={useStable(leadsOf(place), isSame)} />;
}

const LeadsOn = memo(function LeadsOn({ leads: { id, edges, targets } }: { leads: Leads }) {
  const edit = useEditing((state) => state.edit);
  const select = useEditing((state) => state.select);
  return (
    <Stack gap="xs" p="md" component="section" aria-label="Leads to">
      <Text fw={600} size="sm">
        Leads to
      </Text>
      {edges.map((edge) => (
        <Group key={edge.id} gap="xs" wrap="nowrap">
          <Button variant="default" flex={1} justify="start" onClick={() => select([edge.id])}>
            <span className="one-line inert">
              {edge.target}, {edge.label}
            </span>
          </Button>
          <ActionIcon
            aria-label={`Remove the edge to ${edge.target}`}
            onClick={() => edit((before) => disconnect(before, edge.id))}
          >
            <Trash2 size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Select
        aria-label="Connect to another step"
        placeholder={targets.length > 0 ? 'Connect to another step' : 'No other step can follow this one'}
        disabled={targets.length === 0}
        searchable
        data={targets}
        value={null}
        onChange={(target) => target !== null && edit((before) => connect(before, id, target))}
      />
    </Stack>
  );
});
