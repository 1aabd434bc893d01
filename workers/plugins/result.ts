import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '#shared/json.ts';
import type { PluginOutput } from './plugins.ts';

type Part = CallToolResult['content'][number];

const bytesOf = (base64: string): number => Math.floor((base64.length * 3) / 4);

function textOf(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
    case 'audio':
      return `[${part.mimeType}, ${bytesOf(part.data)} bytes]`;
    case 'resource_link':
      return `[${part.name}: ${part.uri}]`;
    case 'resource':
      return 'text' in part.resource
        ? part.resource.text
        : `[${part.resource.uri}, ${bytesOf(part.resource.blob)} bytes]`;
  }
}

/** What a tool answered, as a command's output. */
export function outputOf({ content, structuredContent }: CallToolResult): PluginOutput {
  const text = content.map(textOf).join('\n');
  return structuredContent === undefined
    ? { content: text }
    : { content: text, structured: structuredContent as JsonObject };
}
