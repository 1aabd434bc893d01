import type { AssistantAnswer, AssistantRequest, Knowledge } from './assistant.ts';
import { complete, explain } from './complete.ts';

let known: Knowledge | undefined;

self.onmessage = ({ data }: MessageEvent<AssistantRequest>) => {
  if ('grammar' in data) {
    known = data;
    return;
  }
  if (!known) return;
  const { number, what, text, offset } = data;
  const answer: AssistantAnswer =
    what === 'complete'
      ? { number, completion: complete(known.grammar, text, offset, known.samples) }
      : { number, lines: explain(known.grammar, text, offset) };
  self.postMessage(answer);
};
