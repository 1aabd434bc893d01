import type { PluginView } from '../../catalog/plugin.ts';
import { isTemplate } from '../../expression/index.ts';
import { isObject, type Json } from '../../json.ts';
import { findStepType } from '../../steps/index.ts';
import { didYouMean } from '../../suggest.ts';
import type { Path, Problem } from '../problem.ts';
import { allSteps } from '../walk.ts';
import { type Check, problemAt, type Subject } from './check.ts';

/** A place that names a plugin's command, and the paths of the two names. */
interface Use {
  plugin: Json | undefined;
  command: Json | undefined;
  pluginPath: Path;
  commandPath: Path;
}

function* uses({ workflow }: Subject): Generator<Use> {
  for (const { step, path } of allSteps(workflow)) {
    const actions = [
      { action: step.action, at: [...path, 'action'] },
      { action: step.errorHandling.undo?.action, at: [...path, 'errorHandling', 'undo', 'action'] },
    ];
    for (const { action, at } of actions) {
      if (action?.type !== 'plugin.execute' || !isObject(action.parameters)) continue;
      const { pluginId: plugin, command } = action.parameters;
      const inside = [...at, 'parameters'];
      yield { plugin, command, pluginPath: [...inside, 'pluginId'], commandPath: [...inside, 'command'] };
    }
    for (const [position, { plugin, command }] of (
      findStepType(step.type)?.tools?.(step.config) ?? []
    ).entries()) {
      if (plugin === undefined) continue;
      const inside = [...path, 'config', 'tools', position];
      yield { plugin, command, pluginPath: [...inside, 'plugin'], commandPath: [...inside, 'command'] };
    }
  }
}

const isName = (value: Json | undefined): value is string => typeof value === 'string' && !isTemplate(value);

function problemOf(subject: Subject, plugins: readonly PluginView[], use: Use): Problem | undefined {
  if (!isName(use.plugin)) return undefined;
  const plugin = plugins.find(({ id }) => id === use.plugin);
  if (!plugin) {
    const ids = plugins.map(({ id }) => id);
    return problemAt(subject, use.pluginPath, {
      code: 'plugin.unknown',
      message: `There is no plugin "${use.plugin}".`,
      fix: didYouMean(use.plugin, ids) ?? 'List it in plugins.yaml in the data directory.',
    });
  }
  // What it offers is only certain while it runs.
  if (plugin.status !== 'running' || !isName(use.command)) return undefined;
  const names = plugin.commands.map(({ name }) => name);
  if (names.includes(use.command)) return undefined;
  return problemAt(subject, use.commandPath, {
    code: 'plugin.unknown_command',
    message: `The plugin "${use.plugin}" has no command "${use.command}".`,
    fix: didYouMean(use.command, names) ?? `It has ${names.slice(0, 20).join(', ') || 'none'}.`,
  });
}

/** Plugins and their commands exist, as far as a worker has told of them. */
export const checkPlugins: Check = (subject) => {
  const plugins = subject.catalog?.plugins;
  if (!plugins) return [];
  return [...uses(subject)].flatMap((use) => problemOf(subject, plugins, use) ?? []);
};
