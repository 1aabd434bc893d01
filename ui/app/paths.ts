/** Where each page stands. */
export const paths = {
  home: '/',
  workflows: '/workflows',
  workflow: (id: string) => `/workflows/${encodeURIComponent(id)}`,
  executions: '/executions',
  executionsOf: (workflowId: string) => `/executions?workflowId=${encodeURIComponent(workflowId)}`,
  execution: (id: string) => `/executions/${encodeURIComponent(id)}`,
  approvals: '/approvals',
  triggers: '/triggers',
  activity: '/activity',
  chat: '/chat',
  plugins: '/plugins',
  secrets: '/secrets',
} as const;
