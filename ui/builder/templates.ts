import type { CatalogAction } from '#shared/catalog/catalog.ts';
import type { PluginView } from '#shared/catalog/plugin.ts';
import type { Language } from '#shared/definition/language.ts';
import type { JsonObject } from '#shared/json.ts';

/** What the palette offers: a kind of step, and the step as it begins. */
export interface Template {
  key: string;
  group: string;
  title: string;
  description: string;
  icon: string;
  step: JsonObject;
}

/** What the catalogue answers. */
export interface CatalogAnswer extends Language {
  items: CatalogAction[];
  plugins: PluginView[];
}

/** How steps of each type begin: as little as they need. */
const BEGINNINGS: Record<string, JsonObject> = {
  condition: { config: { expression: 'true' } },
  loop: { config: { items: [], steps: [] } },
  parallel: {
    config: {
      branches: [
        { id: 'first', name: 'First branch', steps: [] },
        { id: 'second', name: 'Second branch', steps: [] },
      ],
    },
  },
  set: { config: { values: {} } },
  delay: { config: { for: '1m' } },
  approval: { config: { message: 'May this go on?' } },
  wait_for_event: { config: { event: '' } },
  workflow: { config: { workflowId: '' } },
  ai_flow: { config: { goal: '', provider: 'claude', model: '', tools: [] } },
};

const FLOW = 'Flow';

const GROUPS: Record<string, string> = {
  ai: 'AI',
  http: 'HTTP',
  file: 'Files',
  git: 'Git',
  shell: 'Shell',
  data: 'Data',
  notify: 'Notify',
  chat: 'Chat',
  code: 'Code',
  plugin: 'Plugins',
  workflow: 'Workflows',
};

const groupName = (group: string): string =>
  GROUPS[group] ?? `${group.slice(0, 1).toUpperCase()}${group.slice(1)}`;

const ofAction = ({ type, group, title, description, icon }: CatalogAction): Template => ({
  key: type,
  group: groupName(group),
  title,
  description,
  icon,
  step: { name: title, type: 'action', action: { type, parameters: {} } },
});

const ofPlugin = ({ id, commands }: PluginView): Template[] =>
  commands.map(({ name, title, description }) => ({
    key: `plugin.execute/${id}/${name}`,
    group: `Plugin ${id}`,
    title: title || name,
    description,
    icon: 'plug',
    step: {
      name: title || name,
      type: 'action',
      action: { type: 'plugin.execute', parameters: { pluginId: id, command: name, arguments: {} } },
    },
  }));

/** Every kind of step there is, grouped as the palette shows them: flow first, then the library, then plugins. */
export function templatesOf({ items, plugins, steps }: CatalogAnswer): Template[] {
  const flow = steps
    .filter(({ type }) => type !== 'action')
    .map(({ type, title, description, icon }) => ({
      key: type,
      group: FLOW,
      title,
      description,
      icon,
      step: { name: title, type, ...BEGINNINGS[type] },
    }));
  return [...flow, ...items.map(ofAction), ...plugins.flatMap(ofPlugin)];
}

const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** The templates that have all words of a search, those whose title begins with it first. */
export function found(templates: readonly Template[], search: string): Template[] {
  const wanted = words(search);
  const hits = templates.filter(({ key, title, description, group }) => {
    const text = `${key} ${title} ${group} ${description}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const rank = ({ key, title }: Template): number => {
    const [name, type] = [title.toLowerCase(), key.toLowerCase()];
    const [first = ''] = wanted;
    if (name.startsWith(first) || type.startsWith(first)) return 0;
    return name.includes(first) || type.includes(first) ? 1 : 2;
  };
  return wanted.length === 0 ? hits : [...hits].sort((a, b) => rank(a) - rank(b));
}
