import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Refused } from '#ui/api/client.ts';
import { Boundary } from './boundary.tsx';
import { CommandPalette } from './command-palette.tsx';
import { paths } from './paths.ts';
import { Shell } from './shell.tsx';
import { cssVariablesResolver, theme } from './theme.ts';

const Home = lazy(async () => ({ default: (await import('#ui/pages/home.tsx')).Home }));
const Workflows = lazy(async () => ({ default: (await import('#ui/workflows/workflows.tsx')).Workflows }));
const Builder = lazy(async () => ({ default: (await import('#ui/builder/builder.tsx')).Builder }));
const Executions = lazy(async () => ({ default: (await import('#ui/runs/executions.tsx')).Executions }));
const RunPage = lazy(async () => ({ default: (await import('#ui/runs/run-page.tsx')).RunPage }));
const Triggers = lazy(async () => ({ default: (await import('#ui/pages/triggers.tsx')).Triggers }));
const Chat = lazy(async () => ({ default: (await import('#ui/pages/chat.tsx')).Chat }));
const Plugins = lazy(async () => ({ default: (await import('#ui/pages/plugins.tsx')).Plugins }));
const Secrets = lazy(async () => ({ default: (await import('#ui/pages/secrets.tsx')).Secrets }));
const Missing = lazy(async () => ({ default: (await import('#ui/pages/missing.tsx')).Missing }));

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
        <Notifications position="bottom-right" limit={4} />
        <Shell>
          <Boundary>
            <Suspense>
              <Switch>
                <Route path={paths.home} component={Home} />
                <Route path={paths.workflows} component={Workflows} />
                <Route path="/workflows/:id">
                  {({ id }) => <Builder key={id} id={decodeURIComponent(id)} />}
                </Route>
                <Route path={paths.executions} component={Executions} />
                <Route path="/executions/:id">
                  {({ id }) => <RunPage key={id} id={decodeURIComponent(id)} />}
                </Route>
                <Route path={paths.triggers} component={Triggers} />
                <Route path={paths.chat} component={Chat} />
                <Route path={paths.plugins} component={Plugins} />
                <Route path={paths.secrets} component={Secrets} />
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
