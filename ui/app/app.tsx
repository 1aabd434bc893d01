import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Refused } from '#ui/api/client.ts';
import { type Late, late } from '#ui/kit/late.ts';
import { Boundary } from './boundary.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Messages } from './messages.tsx';
import { paths } from './paths.ts';
import { Shell } from './shell.tsx';
import { cssVariablesResolver, theme } from './theme.ts';

const Missing = late(async () => (await import('#ui/pages/missing.tsx')).Missing);

/** What is shown at each path; `:id` is handed to the page. */
const PAGES: readonly (readonly [path: string, page: Late<{ id: string }>])[] = [
  [paths.home, late(async () => (await import('#ui/pages/home.tsx')).Home)],
  [paths.workflows, late(async () => (await import('#ui/workflows/workflows.tsx')).Workflows)],
  ['/workflows/:id', late(async () => (await import('#ui/builder/builder.tsx')).Builder)],
  [paths.executions, late(async () => (await import('#ui/runs/executions.tsx')).Executions)],
  ['/executions/:id', late(async () => (await import('#ui/runs/run-page.tsx')).RunPage)],
  [paths.approvals, late(async () => (await import('#ui/runs/approvals.tsx')).Approvals)],
  [paths.triggers, late(async () => (await import('#ui/pages/triggers.tsx')).Triggers)],
  [paths.chat, late(async () => (await import('#ui/pages/chat.tsx')).Chat)],
  [paths.activity, late(async () => (await import('#ui/pages/activity.tsx')).Activity)],
  [paths.plugins, late(async () => (await import('#ui/pages/plugins.tsx')).Plugins)],
  [paths.secrets, late(async () => (await import('#ui/pages/secrets.tsx')).Secrets)],
];

/** Fetches the code of the page at a path, so that it is there when the interface is first drawn. */
export async function prefetchPage(path: string): Promise<void> {
  const known = PAGES.find(([pattern]) => new RegExp(`^${pattern.replace(':id', '[^/]+')}$`).test(path));
  await known?.[1].prefetch();
}

/** Being told no is an answer: only what did not get through is asked again. */
const retry = (count: number, error: Error): boolean => !(error instanceof Refused) && count < 2;

const newQueryClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry, staleTime: 2_000 } } });

/** The whole interface: providers, frame and pages. */
export function App() {
  const [client] = useState(newQueryClient);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Messages />
        <Shell>
          <Boundary>
            <Suspense>
              <Switch>
                {PAGES.map(([path, Page]) => (
                  <Route<{ id?: string }> key={path} path={path}>
                    {({ id = '' }) => <Page key={id} id={decodeURIComponent(id)} />}
                  </Route>
                ))}
                <Route path="/index.html">
                  <Redirect to={paths.home} />
                </Route>
                <Route component={Missing} />
              </Switch>
            </Suspense>
          </Boundary>
        </Shell>
        <CommandPalette />
      </QueryClientProvider>
    </MantineProvider>
  );
}
