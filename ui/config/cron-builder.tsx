import { Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { NumberInput } from '#ui/kit/number-input.tsx';
import { type Plan, planOf, readCron, WEEK, writeCron } from './cron.ts';

const KINDS = [
  { value: 'minutes', label: 'Every few minutes' },
  { value: 'hours', label: 'Every few hours' },
  { value: 'day', label: 'Daily' },
  { value: 'week', label: 'Weekly' },
  { value: 'month', label: 'Monthly' },
  { value: 'custom', label: 'As a cron expression' },
];
const NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface PartProps<P extends Plan> {
  plan: P;
  isReadOnly: boolean;
  onChange(plan: Plan): void;
}
type Of<E extends Plan['every']> = Extract<Plan, { every: E }>;

function Count({
  label,
  value,
  min,
  max,
  isReadOnly,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  isReadOnly: boolean;
  onChange(value: number): void;
}) {
  return (
    <NumberInput
      label={label}
      w={110}
      value={value}
      min={min}
      max={max}
      allowDecimal={false}
      clampBehavior="strict"
      readOnly={isReadOnly}
      onChange={(next) => typeof next === 'number' && next >= min && onChange(next)}
    />
  );
}

const two = (number: number): string => String(number).padStart(2, '0');

function TimeOfDay({ plan, isReadOnly, onChange }: PartProps<Of<'day' | 'week' | 'month'>>) {
  return (
    <TextInput
      type="time"
      label="At"
      w={110}
      value={`${two(plan.hour)}:${two(plan.minute)}`}
      readOnly={isReadOnly}
      onChange={(event) => {
        const [hour, minute] = event.currentTarget.value.split(':').map(Number);
        if (hour !== undefined && minute !== undefined) onChange({ ...plan, hour, minute });
      }}
    />
  );
}

function Part({ plan, isReadOnly, onChange }: PartProps<Plan>) {
  const shared = { isReadOnly, onChange };
  switch (plan.every) {
    case 'minutes':
      return (
        <Count
          label="Minutes"
          min={1}
          max={59}
          value={plan.step}
          {...{ isReadOnly }}
          onChange={(step) => onChange({ ...plan, step })}
        />
      );
    case 'hours':
      return (
        <>
          <Count
            label="Hours"
            min={1}
            max={23}
            value={plan.step}
            {...{ isReadOnly }}
            onChange={(step) => onChange({ ...plan, step })}
          />
          <Count
            label="At minute"
            min={0}
            max={59}
            value={plan.minute}
            {...{ isReadOnly }}
            onChange={(minute) => onChange({ ...plan, minute })}
          />
        </>
      );
    case 'day':
      return <TimeOfDay plan={plan} {...shared} />;
    case 'week':
      return (
        <>
          <MultiSelect
            label="On"
            style={{ flex: 1, minWidth: 180 }}
            readOnly={isReadOnly}
            data={WEEK.map((day) => ({ value: String(day), label: NAMES[day] ?? '' }))}
            value={plan.days.map(String)}
            onChange={(days) => days.length > 0 && onChange({ ...plan, days: days.map(Number).sort() })}
          />
          <TimeOfDay plan={plan} {...shared} />
        </>
      );
    case 'month':
      return (
        <>
          <Count
            label="On day"
            min={1}
            max={31}
            value={plan.day}
            {...{ isReadOnly }}
            onChange={(day) => onChange({ ...plan, day })}
          />
          <TimeOfDay plan={plan} {...shared} />
        </>
      );
    case 'custom':
      return (
        <TextInput
          label="Cron expression"
          description="Minute, hour, day of the month, month, day of the week"
          style={{ flex: 1 }}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={plan.cron}
          readOnly={isReadOnly}
          onChange={(event) => onChange({ ...plan, cron: event.currentTarget.value })}
        />
      );
  }
}

/** A cron expression put together from what people mean: every so often, or at a time on some days. */
export function CronBuilder({
  cron,
  isRaw,
  isReadOnly,
  onChange,
  onRaw,
}: {
  cron: string;
  /** It is written by hand, whatever it says. */
  isRaw: boolean;
  isReadOnly: boolean;
  onChange(cron: string): void;
  onRaw(isRaw: boolean): void;
}) {
  const plan: Plan = isRaw ? { every: 'custom', cron } : readCron(cron);
  const choose = (every: Plan['every']): void => {
    onRaw(every === 'custom');
    onChange(writeCron(planOf(every, readCron(cron))));
  };
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="When"
        w={180}
        allowDeselect={false}
        readOnly={isReadOnly}
        data={KINDS}
        value={plan.every}
        onChange={(next) => next !== null && choose(next as Plan['every'])}
      />
      <Part plan={plan} isReadOnly={isReadOnly} onChange={(next) => onChange(writeCron(next))} />
    </Group>
  );
}
