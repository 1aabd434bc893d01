// A process that keeps the plugins of a folder, to be killed. Says `ready` once the plugin it is given runs.

import { optionsIn } from '../_fixture.ts';
import { Manager } from '../manager.ts';

const [folder = '', id = ''] = process.argv.slice(2);
const manager = Manager.open(optionsIn(folder));
const timer = setInterval(() => {
  const plugin = manager.all().items.find((item) => item.id === id);
  if (plugin?.status !== 'running') return;
  clearInterval(timer);
  const signal = new AbortController().signal;
  // The one in flight must not keep the plugin alive.
  manager.call({ pluginId: id, command: 'spin', arguments: {}, signal }).catch(() => undefined);
  process.stdout.write('ready\n');
}, 50);
setInterval(() => undefined, 60_000);
