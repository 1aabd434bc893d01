import type { JsonObject } from '../json.ts';

/** Type of the Temporal workflow by which the API asks a worker what actions would do. */
export const PREVIEW = 'preview';

/** The activity that answers: what an action would do, only its own code can say. */
export const PREVIEW_ACTIONS = 'actions.preview';

/** An action with the parameters it would get. */
export interface Previewed {
  action: string;
  parameters: JsonObject;
}

/** What each would do, in one sentence, in the order they were asked for; null where that cannot be said. */
export type Previews = (string | null)[];
