import * as events from '../event.ts';
import { route } from './route.ts';

/** What happens elsewhere and starts workflows. */
export const eventsRoutes = {
  sendActivity: route({
    method: 'post',
    path: '/api/events',
    summary: 'Tell that something happened; starts the workflows whose activity triggers it meets',
    body: events.newActivity,
    status: 202,
    response: events.eventAnswer,
  }),
  raiseEscalation: route({
    method: 'post',
    path: '/api/escalations',
    summary: 'Ask for help; starts the workflows whose escalation triggers it meets',
    body: events.newEscalation,
    status: 202,
    response: events.eventAnswer,
  }),
  listEvents: route({
    method: 'get',
    path: '/api/events',
    summary: 'List activity events and escalations, the latest first, with what came of each',
    query: events.eventFilter,
    status: 200,
    response: events.eventPage,
  }),
} as const;
