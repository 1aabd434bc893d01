// The process of a local module: an MCP server on standard input and output that offers what the module defines.
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
import { defineAction, defineCommand, definePlugin, defineTrigger, type PluginDefinition } from './define.ts';
import { createServer } from './module-server.ts';

/** Standard output belongs to the protocol: what the module prints goes to standard error instead. */
function takeOutput(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk, done);
    },
  });
}

/** The default export: a plugin, or a function that makes one of what it is given and so needs to import nothing. */
async function load(path: string): Promise<PluginDefinition> {
  const { default: given } = (await import(pathToFileURL(path).href)) as { default?: unknown };
  const plugin: unknown =
    typeof given === 'function'
      ? await given({ definePlugin, defineCommand, defineAction, defineTrigger, z })
      : given;
  if (typeof plugin !== 'object' || plugin === null)
    throw new Error(`${path} has no default export; export default definePlugin({ … }) from it.`);
  return definePlugin(plugin as PluginDefinition);
}

const output = takeOutput();
const [path = ''] = process.argv.slice(2);
process.stdin.once('end', () => process.exit(0));
const server = createServer(await load(path), () => process.exit(1));
await server.connect(new StdioServerTransport(process.stdin, output));
