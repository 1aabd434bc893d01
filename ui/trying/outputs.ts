import { readJson } from '#ui/data/read-json.ts';
import type { Pins } from './pins.ts';

/** Outputs written as JSON, by step; those that are none are told of. Empty texts are left out. */
export function readOutputs(texts: Record<string, string>): {
  outputs: Pins;
  problems: Record<string, string>;
} {
  const outputs: Pins = {};
  const problems: Record<string, string> = {};
  for (const [step, text] of Object.entries(texts)) {
    if (text.trim() === '') continue;
    const read = readJson(text);
    if (read) outputs[step] = read.value;
    else problems[step] = 'Write JSON, such as { "size": 1 } or "text".';
  }
  return { outputs, problems };
}
