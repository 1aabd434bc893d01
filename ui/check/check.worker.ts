import type { Catalog } from '#shared/catalog/catalog.ts';
import { loadText } from '#shared/definition/load.ts';
import type { CheckAnswer, CheckRequest } from './checker.ts';
import { withSteps } from './step-at.ts';

let catalog: Catalog | undefined;

self.onmessage = ({ data }: MessageEvent<CheckRequest>) => {
  if ('catalog' in data) {
    catalog = data.catalog;
    return;
  }
  const { workflow, problems, source } = loadText(data.text, catalog);
  const answer: CheckAnswer = {
    problems: withSteps(problems, workflow, source.value),
    ...(workflow && { workflow }),
  };
  self.postMessage(answer);
};
