export { execution } from './execution.ts';
export { file_trigger } from './file-trigger.ts';
export { plugin_trigger } from './plugin-trigger.ts';
export { plugins } from './plugins.ts';
export { preview } from './preview.ts';
