import { Badge, Button, Skeleton, Spoiler } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Check, Circle, CircleDashed, Hand, type LucideIcon, X } from 'lucide-react';
import type { PluginView } from '#shared/catalog/plugin.ts';
import { pluginsQuery } from '#ui/api/queries.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { StateSign } from '#ui/kit/status.tsx';
import { ofTemplate } from '#ui/workflows/text.ts';
import { type Creation, useCreate } from '#ui/workflows/use-create.ts';
import grid from './grid.module.css';
import page from './page.module.css';
import { NotLoaded, Page } from './page.tsx';
import classes from './plugins.module.css';
import table from './table.module.css';

const STATES: Record<PluginView['status'], { sign: LucideIcon; words: string; tone: string }> = {
  starting: { sign: CircleDashed, words: 'starting', tone: 'running' },
  running: { sign: Check, words: 'running', tone: 'success' },
  failed: { sign: X, words: 'failed; it is tried again', tone: 'failure' },
  changed: { sign: Hand, words: 'changed, not loaded', tone: 'parked' },
  disabled: { sign: Circle, words: 'switched off', tone: 'queued' },
};

const KINDS: Record<PluginView['kind'], string> = { mcp: 'MCP server', module: 'module' };

/** Every plugin: its state, what is wrong with it, and what it offers. */
export function Plugins() {
  const { data, error, refetch } = useQuery(pluginsQuery);
  const creation = useCreate();
  return (
    <Page title="Plugins">
      {error && !data ? (
        <NotLoaded what="The plugins" error={error} onRetry={refetch} />
      ) : (
        <div className={`${grid.body} ${grid.stack}`}>
          {data?.error && <Problem {...data.error} />}
          {!data && [1, 2, 3].map((key) => <Skeleton key={key} height={140} />)}
          {data?.items.length === 0 && !data.error && <None />}
          {data?.items.map((plugin) => (
            <Plugin key={plugin.id} plugin={plugin} creation={creation} />
          ))}
        </div>
      )}
    </Page>
  );
}

function None() {
  return (
    <Notice
      title="There are no plugins"
      detail={
        <>
          Copy <code>plugins.example.yaml</code> to <code>plugins.yaml</code> in the data directory (
          <code>.acas</code> unless ACAS_HOME says otherwise) and list MCP servers or modules there. Their
          commands then stand in the builder beside the other steps.
        </>
      }
    />
  );
}

function Problem({ code, message, fix }: { code: string; message: string; fix?: string | undefined }) {
  return (
    <div className={`${grid.alert} inert`} role="alert">
      <Spoiler
        classNames={{ control: classes.control }}
        maxHeight={60}
        showLabel="Show all of it"
        hideLabel="Show less"
      >
        <strong>{message.split('\n')[0]}</strong>
        {message.slice(message.split('\n')[0]?.length)}
      </Spoiler>
      <div>
        {fix} <span className={table.muted}>({code})</span>
      </div>
    </div>
  );
}

function Plugin({ plugin, creation }: { plugin: PluginView; creation: Creation }) {
  const { id, kind, status, error, commands, triggers } = plugin;
  const { sign, words, tone } = STATES[status];
  return (
    <section className={`${page.section} ${grid.card}`} aria-label={id}>
      <div className={grid.head}>
        <h2 className="inert">{id}</h2>
        <span style={{ color: `var(--state-${tone})`, fontSize: 12, fontWeight: 500 }}>
          <StateSign of={sign} /> {words}
        </span>
        <span className={table.muted}>{KINDS[kind]}</span>
      </div>
      {error && <Problem {...error} />}
      <Part
        title={`Commands (${commands.length})`}
        facts={commands.map(({ name, title, description, readOnly }) => ({
          name,
          title: title || name,
          text: description,
          side: readOnly && (
            <Badge size="xs" variant="default" tt="none">
              reads only
            </Badge>
          ),
        }))}
      />
      <Templates plugin={plugin} creation={creation} />
      <Part
        title={`Declared triggers (${triggers.length})`}
        facts={triggers.map(({ type, title, description }) => ({ name: type, title, text: description }))}
      />
    </section>
  );
}

function Templates({ plugin: { templates, status }, creation }: { plugin: PluginView; creation: Creation }) {
  return (
    <Part
      title={`Templates (${templates.length})`}
      facts={templates.map(({ id, title, description, definition }) => ({
        name: id,
        title,
        text: description,
        side: status === 'running' && (
          <Button
            variant="default"
            size="compact-xs"
            disabled={creation.isBusy}
            onClick={() => void creation.draft(ofTemplate({ definition }))}
          >
            Create workflow
          </Button>
        ),
      }))}
    />
  );
}

function Part({
  title,
  facts,
}: {
  title: string;
  facts: { name: string; title: string; text: string; side?: React.ReactNode }[];
}) {
  if (facts.length === 0) return null;
  return (
    <div className={grid.part}>
      <h3>{title}</h3>
      <ul className={grid.items}>
        {facts.map(({ name, title: label, text, side }) => (
          <li key={name} className={grid.item}>
            <span className="inert" title={name}>
              {label}
            </span>
            <span className={`${table.muted} inert`}>{text}</span>
            <span>{side}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
