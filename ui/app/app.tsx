import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Refused } from '#ui/api/client.ts';
import { late } from '#ui/kit/late.ts';
import { Boundary } from './boundary.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Messages } from './messages.tsx';
import { paths } from './paths.ts';
import { Shell } from './shell.tsx';
import { cssVariablesResolver, theme } from './theme.ts';

const Home = late(async () => (await import('#ui/pages/home.tsx')).Home);
const Workflows = late(async () => (await import('#ui/workflows/workflows.tsx')).Workflows);
const Builder = late(async () => (await import('#ui/builder/builder.tsx')).Builder);
const Executions = late(async () => (await import('#ui/runs/executions.tsx')).Executions);
const RunPage = late(async () => (await import('#ui/runs/run-page.tsx')).RunPage);
const Triggers = late(async () => (await import('#ui/pages/triggers.tsx')).Triggers);
const Chat = late(async () => (await import('#ui/pages/chat.tsx')).Chat);
const Plugins = late(async () => (await import('#ui/pages/plugins.tsx')).Plugins);
const Secrets = late(async () => (await import('#ui/pages/secrets.tsx')).Secrets);
const Missing = late(async () => (await import('#ui/pages/missing.tsx')).Missing);

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
