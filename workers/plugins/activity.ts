import type { PluginsAnswer } from '#shared/execution/plugins.ts';
import { DESCRIBE_PLUGINS } from '#shared/execution/plugins.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import type { Plugins } from './plugins.ts';

/** Characters of an answer that travel as they are. */
const LARGEST = 100_000;

/** The activity by which a worker tells the API of its plugins. */
export const pluginActivities = ({ plugins, blobs }: { plugins: Plugins; blobs: Blobs }) => ({
  [DESCRIBE_PLUGINS]: async (): Promise<PluginsAnswer> => {
    const view = plugins.all();
    const text = JSON.stringify(view);
    return text.length > LARGEST ? { ref: await blobs.put(new TextEncoder().encode(text)) } : { view };
  },
});
