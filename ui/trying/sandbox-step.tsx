import { Group, Text } from '@mantine/core';
import type { StepView } from '#shared/contract/execution.ts';
import type { Json } from '#shared/json.ts';
import { Status } from '#ui/kit/status.tsx';
import { jsonText } from './json-text.ts';
import classes from './sandbox-panel.module.css';

function Value({ title, value }: { title: string; value: Json }) {
  return (
    <section aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard. */}
      <pre className={`inert ${classes.value}`} tabIndex={0}>
        {jsonText(value)}
      </pre>
    </section>
  );
}

/** Actions return a pinned output or a sample; what other steps return is computed from that. */
function titleOf({ action }: StepView, isPinned: boolean): string {
  if (action === undefined) return 'Output';
  return isPinned ? 'Output (pinned)' : 'Output (sample)';
}

/** What one step of a dry run was given, would do, and returned. */
export function SandboxStep({ step, isPinned }: { step: StepView; isPinned: boolean }) {
  const { name, path, status, action, preview, input, output, error, followed } = step;
  return (
    <>
      <Group gap="sm" wrap="nowrap">
        <Text size="sm" fw={600} className="inert one-line">
          {name}
        </Text>
        <Status status={status} />
      </Group>
      <Text size="sm" className="inert" c="var(--house-muted)">
        {[path, action].filter(Boolean).join(' · ')}
      </Text>
      {preview !== undefined && (
        <Text size="sm" mt={8} className="inert">
          Would do: {preview}
        </Text>
      )}
      {followed && (
        <Text size="sm" mt={8} className="inert" c="var(--house-muted)">
          Leads to {followed.join(', ')}
        </Text>
      )}
      {error && (
        <Text size="sm" mt={8} className="inert" c="var(--state-failure)" role="alert">
          {error.message} {error.fix}
        </Text>
      )}
      {input !== null && <Value title="Input" value={input} />}
      {status === 'success' && <Value title={titleOf(step, isPinned)} value={output} />}
    </>
  );
}
