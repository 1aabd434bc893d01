// Node cannot read TypeScript by itself, and a thread does not inherit what its process was taught.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
