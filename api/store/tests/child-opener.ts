/** Opens the store, writes one row, and closes it. */
import { openStore } from '../store.ts';

const [url = '', name = ''] = process.argv.slice(2);
const store = await openStore({ url });
await store.watermarks.set(name, 'opened');
await store.close();
