import { Group, Text } from '@mantine/core';
import classes from './status.module.css';

/** Every state that a step or an execution can be in: a sign and a word, never colour alone. */
const STATES: Record<string, { sign: string; word: string; tone: string }> = {
  pending: { sign: '○', word: 'pending', tone: 'queued' },
  queued: { sign: '○', word: 'queued', tone: 'queued' },
  running: { sign: '◐', word: 'running', tone: 'running' },
  retrying: { sign: '↻', word: 'retrying', tone: 'retrying' },
  waiting: { sign: '⏸', word: 'waiting', tone: 'waiting' },
  parked: { sign: '✋', word: 'parked', tone: 'parked' },
  pausing: { sign: '‖', word: 'pausing', tone: 'paused' },
  paused: { sign: '‖', word: 'paused', tone: 'paused' },
  success: { sign: '✔', word: 'success', tone: 'success' },
  failure: { sign: '✕', word: 'failed', tone: 'failure' },
  skipped: { sign: '⤼', word: 'skipped', tone: 'skipped' },
  cancelled: { sign: '⊘', word: 'cancelled', tone: 'cancelled' },
  timeout: { sign: '⏱', word: 'timed out', tone: 'timeout' },
  unknown: { sign: '?', word: 'unknown', tone: 'unknown' },
};

const stateOf = (status: string) => STATES[status] ?? { sign: '?', word: status, tone: 'unknown' };

/** The CSS colour of a state. */
export const stateColour = (status: string): string => `var(--state-${stateOf(status).tone})`;

/** The word for a state. */
export const stateWord = (status: string): string => stateOf(status).word;

/** A state as people read it, with more words where there are some: `retrying, attempt 3`. */
export function Status({ status, more }: { status: string; more?: string | undefined }) {
  const { sign, word } = stateOf(status);
  return (
    <Group
      gap={5}
      wrap="nowrap"
      className={classes.status}
      style={{ color: stateColour(status) }}
      data-status={status}
    >
      <span aria-hidden className={status === 'running' ? classes.pulse : undefined}>
        {sign}
      </span>
      <Text span inherit className="one-line">
        {more === undefined ? word : `${word}, ${more}`}
      </Text>
    </Group>
  );
}
