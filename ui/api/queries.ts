import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import { request } from './client.ts';

const HEALTH_EVERY = 5_000;
const LIST_EVERY = 5_000;
const LIVE_EVERY = 2_000;
/** Every page read so far is read again, so further ones make it rarer. */
const LONG_LIST_EVERY = 10_000;
const PAGE = 50;
/** Each is read from its whole history. */
const FEW = 20;
const MOST = 200;

/** Whether a workflow could run now. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => request('get', '/api/health', { signal }),
  refetchInterval: HEALTH_EVERY,
  retry: false,
});

/** What a workflow can be made of. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  queryFn: ({ signal }) => request('get', '/api/workflows/actions', { signal }),
  staleTime: 60_000,
});

/** JSON Schema of the definition language. */
export const schemaQuery = queryOptions({
  queryKey: ['schema'],
  queryFn: ({ signal }) => request('get', '/api/workflows/schema', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Every trigger and when it fires next. */
export const triggersQuery = queryOptions({
  queryKey: ['triggers'],
  queryFn: ({ signal }) => request('get', '/api/triggers', { signal }),
  refetchInterval: LIST_EVERY,
});

/** Names of the secrets. */
export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: ({ signal }) => request('get', '/api/secrets', { signal }),
});

/** Every plugin and its state. */
export const pluginsQuery = queryOptions({
  queryKey: ['plugins'],
  queryFn: ({ signal }) => request('get', '/api/plugins', { signal }),
  refetchInterval: LIST_EVERY,
});

/** What a list of workflows can be narrowed down to. */
export interface WorkflowFilter {
  search?: string | undefined;
  tag?: string | undefined;
  enabled?: boolean | undefined;
}

/** Workflows page by page, the last changed first. Keys begin with `workflows`, `list`. */
export const workflowsQuery = ({ search, tag, enabled }: WorkflowFilter) =>
  infiniteQueryOptions({
    queryKey: ['workflows', 'list', { search, tag, enabled }],
    queryFn: ({ signal, pageParam }) =>
      request('get', '/api/workflows', {
        query: { search, tag, enabled, cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? LONG_LIST_EVERY : LIST_EVERY),
    placeholderData: (before) => before,
  });

/** What happened elsewhere, the latest first. */
export const eventsQuery = infiniteQueryOptions({
  queryKey: ['events'],
  queryFn: ({ signal, pageParam }) =>
    request('get', '/api/events', { query: { cursor: pageParam, limit: PAGE }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

/** Up to 200 workflows, the last changed first: for names, tags and choices. */
export const knownWorkflowsQuery = queryOptions({
  queryKey: ['workflows', 'known'],
  queryFn: async ({ signal }) =>
    (await request('get', '/api/workflows', { query: { limit: MOST }, signal })).items,
  staleTime: LIST_EVERY,
  refetchInterval: LONG_LIST_EVERY,
});

/** Workflows to begin from. */
export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) => (await request('get', '/api/templates', { signal })).items,
  staleTime: LONG_LIST_EVERY,
});

/** What a list of executions can be narrowed down to. `within`: started in so many last milliseconds. */
export interface ExecutionFilter {
  workflowId?: string | undefined;
  status?: ExecutionSummary['status'] | undefined;
  within?: number | undefined;
}

const sinceOf = (within: number | undefined): string | undefined =>
  within === undefined ? undefined : new Date(Date.now() - within).toISOString();

/** Executions page by page, the last started first; live. Keys begin with `executions`. */
export const executionsQuery = ({ workflowId, status, within }: ExecutionFilter) =>
  infiniteQueryOptions({
    queryKey: ['executions', { workflowId, status, within }],
    queryFn: ({ signal, pageParam }) =>
      request('get', '/api/executions', {
        query: { workflowId, status, since: sinceOf(within), cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? LONG_LIST_EVERY : LIVE_EVERY),
  });

/** Keys of all that is told of what waits for a person begin with it. */
export const approvalsKey = ['approvals'] as const;

/** What waits for a person, page by page of executions; live. */
export const approvalsQuery = infiniteQueryOptions({
  queryKey: [...approvalsKey, 'list'],
  queryFn: ({ signal, pageParam }) =>
    request('get', '/api/approvals', { query: { cursor: pageParam, limit: FEW }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? LONG_LIST_EVERY : LIST_EVERY),
});

/** In how many executions something waits for a person. */
export const approvalCountQuery = queryOptions({
  queryKey: [...approvalsKey, 'count'],
  queryFn: async ({ signal }) => (await request('get', '/api/approvals/count', { signal })).count,
  refetchInterval: LIST_EVERY,
});

/** The last few executions of a status. */
export const lastExecutionsQuery = (status: ExecutionSummary['status'], limit: number) =>
  queryOptions({
    queryKey: ['executions', 'last', status, limit],
    queryFn: async ({ signal }) =>
      (await request('get', '/api/executions', { query: { status, limit }, signal })).items,
    refetchInterval: LIST_EVERY,
  });

/** Chat sessions, the one last spoken in first. */
export const chatSessionsQuery = queryOptions({
  queryKey: ['chat', 'sessions'],
  queryFn: async ({ signal }) =>
    (await request('get', '/api/chat/sessions', { query: { limit: MOST }, signal })).items,
  refetchInterval: LIST_EVERY,
});

/** Messages of a session page by page, the newest first. */
export const chatMessagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['chat', 'messages', id],
    queryFn: ({ signal, pageParam }) =>
      request('get', '/api/chat/sessions/:id/messages', {
        params: { id },
        query: { cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // The stream brings what is new.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The last closed execution of a workflow with all its steps; null where there is none. */
export const lastRunQuery = (workflowId: string) =>
  queryOptions({
    queryKey: ['last-run', workflowId],
    queryFn: async ({ signal }) => {
      const query = { limit: 5 };
      const { items } = await request('get', '/api/workflows/:id/executions', {
        params: { id: workflowId },
        query,
        signal,
      });
      const closed = items.find(({ endTime }) => endTime !== null);
      if (!closed) return null;
      return request('get', '/api/executions/:id', { params: { id: closed.executionId }, signal });
    },
    staleTime: LIST_EVERY,
  });

/** An execution with all its steps. */
export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id],
    queryFn: ({ signal }) => request('get', '/api/executions/:id', { params: { id }, signal }),
  });

/** The events of an execution's history; live while it runs. */
export const executionHistoryQuery = (id: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ['execution-history', id, isOpen],
    queryFn: async ({ signal }) =>
      (await request('get', '/api/executions/:id/history', { params: { id }, signal })).events,
    refetchInterval: isOpen ? LIST_EVERY : false,
    staleTime: isOpen ? 0 : Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });

/** An execution as it stood after an event of its history. */
export const executionPastQuery = (id: string, at: number) =>
  queryOptions({
    queryKey: ['execution-past', id, at],
    queryFn: async ({ signal }) =>
      (await request('get', '/api/executions/:id/history', { params: { id }, query: { at }, signal }))
        .execution,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The definition an execution runs, in normal form. */
export const executionDefinitionQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution-definition', id],
    queryFn: ({ signal }) => request('get', '/api/executions/:id/definition', { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
