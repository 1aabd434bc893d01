import { readSource } from '#shared/definition/source.ts';
import { isObject, type JsonObject } from '#shared/json.ts';
import { reconcile } from './reconcile.ts';

/** Long texts take a tenth of a second to read and write: too long for the page, which goes on drawing meanwhile. */
export type TextRequest =
  | { id: number; kind: 'write'; text: string; definition: JsonObject }
  | { id: number; kind: 'read'; text: string };

export type TextAnswer =
  | { id: number; text: string }
  | { id: number; definition: JsonObject | undefined }
  | { id: number; error: string };

function answer(request: TextRequest): TextAnswer {
  if (request.kind === 'write') return { id: request.id, text: reconcile(request.text, request.definition) };
  const { value, problems } = readSource(request.text);
  return { id: request.id, definition: isObject(value) && problems.length === 0 ? value : undefined };
}

self.onmessage = ({ data }: MessageEvent<TextRequest>) => {
  try {
    self.postMessage(answer(data));
  } catch (thrown) {
    self.postMessage({ id: data.id, error: thrown instanceof Error ? thrown.message : String(thrown) });
  }
};
