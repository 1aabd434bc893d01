import { isObject, type Json } from '#shared/json.ts';
import { findStepType } from '#shared/steps/index.ts';
import type { StepPlace } from '#ui/document/outline.ts';
import { getIn } from '#ui/document/path.ts';
import type { StepMark } from './overlay.ts';

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
  return shortText(config.goal ?? config.message ?? config.event ?? config.workflowId);
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

/** All that is said of a step or a frame when it is seen from far. */
export const textFromFar = (name: string, { status, change }: StepMark): string =>
  [name, status, change].filter(Boolean).join(' · ');

/** What a line of 22 px has room for in a step. */
const ROOM = 14;

/** Whether a text may need to be cut off, which is not free: each step that does so is drawn apart. Letters that are as wide as high count twice. */
export const isLong = (text: string, lines: number): boolean =>
  [...text].reduce((width, letter) => width + (letter > '\u2e7f' ? 2 : 1), 0) > lines * ROOM;
