import { describe } from '@jest/globals';
import { chatConformance } from './tests/chat.ts';
import { eventsConformance } from './tests/events.ts';
import { executionsConformance } from './tests/executions.ts';
import { openingConformance } from './tests/opening.ts';
import { recordsConformance } from './tests/records.ts';
import type { FreshUrl } from './tests/support.ts';
import { valuesConformance } from './tests/values.ts';
import { workflowsConformance } from './tests/workflows.ts';

/** What a store promises on every engine. `freshUrl` gives the address of an empty database, a new one each time. */
export function storeConformance(name: string, freshUrl: FreshUrl): void {
  describe(`the store on ${name}`, () => {
    openingConformance(freshUrl);
    workflowsConformance(freshUrl);
    executionsConformance(freshUrl);
    recordsConformance(freshUrl);
    valuesConformance(freshUrl);
    chatConformance(freshUrl);
    eventsConformance(freshUrl);
  });
}
