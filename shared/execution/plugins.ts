import type { PluginsView } from '../catalog/plugin.ts';

/** Type of the Temporal workflow by which the API asks a worker for its plugins. */
export const PLUGINS = 'plugins';

/** The activity that answers; plugins are processes of workers, so only they know. */
export const DESCRIBE_PLUGINS = 'plugins.describe';

/** The answer, or the reference of the blob that holds it where it is too large to travel. */
export type PluginsAnswer = { view: PluginsView } | { ref: string };
