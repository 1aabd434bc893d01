import { isObject, type Json } from '#shared/json.ts';

type Fields = Record<string, Json | undefined>;

const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const NAMES: Record<string, string> = {
  manual: 'by hand',
  file_change: 'file change',
  schedule: 'schedule',
  plugin: 'plugin event',
  webhook: 'webhook',
  activity: 'activity',
  escalation: 'escalation',
  chat: 'chat command',
};

/** The name of a trigger's type as people read it. */
export const triggerTypeName = (type: string): string => NAMES[type] ?? type.replaceAll('_', ' ');

/** The name of an activity event; a file's event is told by the file. */
const eventOf = ({ type, event }: Fields): string | undefined =>
  type === 'activity' ? text(event) : undefined;

/** What started an execution: the type of its trigger and the field that tells most; `at` when a schedule meant to. */
export function startedBy(trigger: Fields): { type: string; detail: string; at?: string } {
  const type = text(trigger.type) ?? 'manual';
  const id = text(trigger.id);
  const named = id === undefined || id === type ? '' : id;
  const file = text(trigger.filePath);
  const at = text(trigger.scheduledTime);
  const isInstant = at !== undefined && !Number.isNaN(Date.parse(at));
  const detail =
    file ?? text(trigger.url) ?? text(trigger.command) ?? text(trigger.title) ?? eventOf(trigger) ?? named;
  return { type: triggerTypeName(type), detail, ...(isInstant && { at }) };
}

const MILLISECONDS: [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

const interval = (every: Json): string => {
  if (typeof every !== 'number') return String(every);
  const [unit, size] = MILLISECONDS.find(([, length]) => every % length === 0) ?? ['ms', 1];
  return `${every / size}${unit}`;
};

/** Whose calls a webhook takes. */
const AUTHS: Record<string, string> = {
  standard: 'signed as Standard Webhooks say',
  github: 'signed as GitHub does',
  token: 'with the token',
  none: 'of everybody',
};

/** When a trigger fires, in its own terms; `cron` says a cron expression in words. */
export function triggerWords(type: string, config: Fields, cron: (expression: string) => string): string {
  const expression = text(config.cron);
  if (expression !== undefined) {
    const zone = text(config.timezone);
    return `${cron(expression)}${zone === undefined ? '' : `, ${zone}`}`;
  }
  if (config.every !== undefined) return `every ${interval(config.every)}`;
  const event = text(config.trigger);
  if (type === 'plugin' && event !== undefined)
    return `${event.replaceAll('_', ' ')} of ${text(config.pluginId)}`;
  const path = text(config.path);
  if (path !== undefined) {
    const events = Array.isArray(config.events) ? config.events.join(', ') : '';
    return events === '' ? path : `${path} (${events})`;
  }
  if (type === 'activity') return `event ${text(config.event)}`;
  if (type === 'chat') return [text(config.command), text(config.session)].filter(Boolean).join(' in ');
  if (type === 'escalation')
    return Array.isArray(config.severities) ? config.severities.join(', ') : 'of every severity';
  if (type === 'webhook') return `calls ${AUTHS[text(config.auth) ?? 'standard']}`;
  if (type === 'manual') return 'when a person starts it';
  const [first] = Object.entries(config).filter(([, value]) => value !== undefined && !isObject(value));
  return first ? `${first[0]}: ${String(first[1])}` : '';
}
