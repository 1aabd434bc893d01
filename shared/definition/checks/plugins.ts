import { z } from 'zod';
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

function unknownPlugin(subject: Subject, plugins: readonly PluginView[], id: string, path: Path): Problem {
  const ids = plugins.map((plugin) => plugin.id);
  return problemAt(subject, path, {
    code: 'plugin.unknown',
    message: `There is no plugin "${id}".`,
    fix: didYouMean(id, ids) ?? 'List it in plugins.yaml in the data directory.',
  });
}

function problemOf(subject: Subject, plugins: readonly PluginView[], use: Use): Problem | undefined {
  if (!isName(use.plugin)) return undefined;
  const plugin = plugins.find(({ id }) => id === use.plugin);
  if (!plugin) return unknownPlugin(subject, plugins, use.plugin, use.pluginPath);
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

function triggerProblems(subject: Subject, plugins: readonly PluginView[], position: number): Problem[] {
  const at = ['triggers', position, 'config'];
  const { pluginId, trigger: type, config = {} } = subject.workflow.triggers[position]?.config ?? {};
  const plugin = plugins.find(({ id }) => id === pluginId);
  if (!plugin) return [unknownPlugin(subject, plugins, String(pluginId), [...at, 'pluginId'])];
  if (plugin.status !== 'running') return [];
  const declared = plugin.triggers.find((candidate) => candidate.type === type);
  if (!declared) {
    const types = plugin.triggers.map((known) => known.type);
    return [
      problemAt(subject, [...at, 'trigger'], {
        code: 'plugin.unknown_trigger',
        message: `The plugin "${pluginId}" has no trigger "${type}".`,
        fix: didYouMean(String(type), types) ?? `It has ${types.slice(0, 20).join(', ') || 'none'}.`,
      }),
    ];
  }
  const parsed = z.fromJSONSchema(declared.configSchema as never).safeParse(config);
  return (parsed.error?.issues ?? []).map(({ path, message }) =>
    problemAt(subject, [...at, 'config', ...(path as Path)], {
      code: 'plugin.trigger_config',
      message: `The trigger "${type}" of the plugin "${pluginId}" does not accept its config: ${message}.`,
      fix: `GET /api/plugins shows what it takes.`,
    }),
  );
}

/** Plugins, their commands and triggers exist, as far as a worker has told of them. */
export const checkPlugins: Check = (subject) => {
  const plugins = subject.catalog?.plugins;
  if (!plugins) return [];
  const triggers = subject.workflow.triggers.flatMap(({ type }, position) =>
    type === 'plugin' ? triggerProblems(subject, plugins, position) : [],
  );
  return [...triggers, ...[...uses(subject)].flatMap((use) => problemOf(subject, plugins, use) ?? [])];
};
