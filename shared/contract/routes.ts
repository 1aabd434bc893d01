import { chatRoutes } from './routes/chat.ts';
import { eventsRoutes } from './routes/events.ts';
import { executionsRoutes } from './routes/executions.ts';
import { secretsRoutes } from './routes/secrets.ts';
import { systemRoutes } from './routes/system.ts';
import { workflowsRoutes } from './routes/workflows.ts';

export type { Route } from './routes/route.ts';

/** Every route of the API, by name. Paths are Express's. */
export const routes = {
  ...systemRoutes,
  ...workflowsRoutes,
  ...executionsRoutes,
  ...secretsRoutes,
  ...chatRoutes,
  ...eventsRoutes,
} as const;

export type RouteName = keyof typeof routes;
