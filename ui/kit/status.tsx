import { Group, Text } from '@mantine/core';
import {
  Ban,
  Check,
  Circle,
  CircleDashed,
  CircleHelp,
  CirclePause,
  Hand,
  type LucideIcon,
  Pause,
  Redo,
  RotateCw,
  Timer,
  X,
} from 'lucide-react';
import classes from './status.module.css';

/** Every state that a step or an execution can be in: a sign and a word, never colour alone. No font has all such signs. */
const STATES: Record<string, { sign: LucideIcon; word: string; tone: string }> = {
  pending: { sign: Circle, word: 'pending', tone: 'queued' },
  queued: { sign: Circle, word: 'queued', tone: 'queued' },
  running: { sign: CircleDashed, word: 'running', tone: 'running' },
  retrying: { sign: RotateCw, word: 'retrying', tone: 'retrying' },
  waiting: { sign: CirclePause, word: 'waiting', tone: 'waiting' },
  parked: { sign: Hand, word: 'parked', tone: 'parked' },
  pausing: { sign: Pause, word: 'pausing', tone: 'paused' },
  paused: { sign: Pause, word: 'paused', tone: 'paused' },
  success: { sign: Check, word: 'success', tone: 'success' },
  failure: { sign: X, word: 'failed', tone: 'failure' },
  skipped: { sign: Redo, word: 'skipped', tone: 'skipped' },
  cancelled: { sign: Ban, word: 'cancelled', tone: 'cancelled' },
  timeout: { sign: Timer, word: 'timed out', tone: 'timeout' },
  unknown: { sign: CircleHelp, word: 'unknown', tone: 'unknown' },
};

const stateOf = (status: string) => STATES[status] ?? { sign: CircleHelp, word: status, tone: 'unknown' };

/** The CSS colour of a state. */
export const stateColour = (status: string): string => `var(--state-${stateOf(status).tone})`;

/** The word for a state. */
export const stateWord = (status: string): string => stateOf(status).word;

/** The sign before the word of a state. */
export function StateSign({ of: Icon, isMoving = false }: { of: LucideIcon; isMoving?: boolean }) {
  return (
    <Icon
      aria-hidden
      size={12}
      strokeWidth={2.5}
      className={`${classes.sign} ${isMoving ? classes.pulse : ''}`}
    />
  );
}

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
      <StateSign of={sign} isMoving={status === 'running'} />
      <Text span inherit className="one-line">
        {more === undefined ? word : `${word}, ${more}`}
      </Text>
    </Group>
  );
}
