import { isObject, type Json } from '#shared/json.ts';
import { findStepType } from '#shared/steps/index.ts';
import type { StepPlace } from '#ui/document/outline.ts';
import { getIn } from '#ui/document/path.ts';

/** Parameters that say most about a step, the most telling first. */
const TELLING = [
  'path',
  'from',
  'url',
  'command',
  'message',
  'channel',
  'to',
  'prompt',
  'goal',
  'workflowId',
  'expression',
  'template',
];

const LONGEST = 60;

/** What of the catalogue a step is drawn after: its action, or its type. */
export const faceKey = ({ type, step }: StepPlace): string => String(getIn(step, ['action', 'type']) ?? type);

const shortText = (value: Json | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value).replace(/\s+/g, ' ').slice(0, LONGEST)
    : undefined;

const counted = (value: Json | undefined, noun: string): string | undefined =>
  Array.isArray(value) ? `${value.length} ${noun}${value.length === 1 ? '' : 's'}` : undefined;

function configText({ type, step }: StepPlace): string | undefined {
  const config = isObject(step.config) ? step.config : {};
  if (type === 'condition') return shortText(config.expression);
  if (type === 'delay') return shortText(config.for ?? config.until);
  if (type === 'set') return isObject(config.values) ? Object.keys(config.values).join(', ') : undefined;
  if (type === 'loop') return counted(config.steps, 'step');
  if (type === 'parallel') return counted(config.branches, 'branch')?.replace('branchs', 'branches');
  return shortText(config.goal ?? config.message);
}

/** The muted second line of a step: its action and the parameter that tells most. */
export function detailOf(place: StepPlace): string {
  const action = shortText(getIn(place.step, ['action', 'type']));
  if (place.type !== 'action')
    return [findStepType(place.type)?.title ?? place.type, configText(place)].filter(Boolean).join(' · ');
  if (action === undefined) return 'Choose an action';
  const parameters = getIn(place.step, ['action', 'parameters']);
  const key = isObject(parameters) ? TELLING.find((name) => shortText(parameters[name])) : undefined;
  const telling = key !== undefined && isObject(parameters) ? shortText(parameters[key]) : undefined;
  return telling === undefined ? action : `${action} · ${telling}`;
}

/** What a step has room for when it is seen from far, in two lines of 22 px. */
const ROOM = 28;

/** Whether a text may need to be cut off, which is not free: each step that does so is drawn apart. Letters that are as wide as high count twice. */
export const isLong = (text: string): boolean =>
  [...text].reduce((width, letter) => width + (letter > '\u2e7f' ? 2 : 1), 0) > ROOM;
