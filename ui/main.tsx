import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './app/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, prefetchPage } from './app/app.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const interfaceRoot = createRoot(root);
const draw = (): void =>
  interfaceRoot.render(
    <StrictMode>
      <App />
    </StrictMode>,
  );

// React puts off by a third of a second what takes a fallback's place: a page that is there at once needs none.
// Where it cannot be fetched yet, the interface says so itself.
void prefetchPage(window.location.pathname).then(draw, draw);
