import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import type { PluginView } from '#shared/catalog/plugin.ts';
import type { Template, WorkflowView } from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { type ApiClient, act, flow, startApi, type TestApi } from '../../test/support/api.ts';
import { templates } from './templates.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
});

afterAll(() => test.stop());

const SCHEDULE = { id: 'daily', type: 'schedule', config: { cron: '0 9 * * *' } };
const steps = [act('one', { output: 1 })];
const put = (id: string, yaml: string, query = '') =>
  api.ask<WorkflowView>('PUT', `/api/workflows/${id}${query}`, { yaml });

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}

describe('creating a workflow', () => {
  it('publishes YAML at once, under an id derived from its name, comments and all', async () => {
    const yaml = `# Why it is here\n${flow('Été à Paris', steps, { metadata: { tags: ['fr'] }, description: 'Short.' })}\n`;
    const { status, body } = await api.post<WorkflowView>('/api/workflows', { yaml });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: 'ete-a-paris',
      name: 'Été à Paris',
      description: 'Short.',
      version: '1',
      publishedVersion: 1,
      hasDraft: false,
      draft: null,
      enabled: true,
      source: yaml,
      format: 'yaml',
      problems: [],
      metadata: { tags: ['fr'], executions: 0, lastRun: null, averageRuntime: 0, successRate: 0, recent: [] },
    });
    expect(await api.workflow('ete-a-paris')).toEqual(body);
  });

  it('takes JSON as well', async () => {
    const json = { id: 'from-json', name: 'From JSON', steps: [JSON.parse(steps[0] ?? '')] };
    const { body } = await api.post<WorkflowView>('/api/workflows', { json });
    expect(body).toMatchObject({ id: 'from-json', format: 'json', definition: json });
  });

  it('gives each its own id where many have one name, at once too', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => api.create(flow('Twin', steps))));
    expect(ids.sort()).toEqual(['twin', 'twin-2', 'twin-3', 'twin-4', 'twin-5']);
  });

  it('gives none an id that the API has a use for', async () => {
    expect(await api.create(flow('Actions', steps))).toBe('actions-2');
  });

  it('keeps a draft whatever its problems', async () => {
    const { status, body } = await api.post<WorkflowView>('/api/workflows?draft=true', {
      yaml: 'name: Rough\nsteps: []',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: 'rough', publishedVersion: null, hasDraft: true });
    expect(body.problems).toMatchObject([{ path: 'steps', line: 2 }]);
  });
});

describe('changing a workflow', () => {
  it('publishes the next version, once for each revision', async () => {
    const id = await api.create(flow('Changed', steps));
    const { revision } = await api.workflow(id);
    const second = await put(id, flow('Changed', [act('one', { output: 2 })]), `?revision=${revision}`);
    expect(second.body).toMatchObject({ publishedVersion: 2, name: 'Changed' });
    expect(second.body.revision).toBeGreaterThan(revision);
    const stale = await api.refused('PUT', `/api/workflows/${id}?revision=${revision}`, {
      yaml: flow('Changed', steps),
    });
    expect(stale).toMatchObject({
      status: 409,
      code: 'workflow.stale_revision',
      details: { current: second.body.revision },
    });
  });

  it('lets exactly one of several win that are based on one revision', async () => {
    const id = await api.create(flow('Contested', steps));
    const { revision } = await api.workflow(id);
    const replies = await Promise.all(
      [1, 2, 3].map(() => put(id, flow('Contested', steps), `?revision=${revision}`)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await api.workflow(id)).publishedVersion).toBe(2);
  });

  it('saves a draft over what is published, and publishes it when asked', async () => {
    const id = await api.create(flow('Layered', steps));
    const rough = await put(id, 'name: Layered\nsteps: [', '?draft=true');
    expect(rough.body).toMatchObject({
      publishedVersion: 1,
      hasDraft: true,
      draft: { definition: null },
      name: 'Layered',
    });
    expect(rough.body.problems[0]).toMatchObject({ code: 'source.syntax' });
    expect(await api.refused('POST', `/api/workflows/${id}/publish`)).toMatchObject({
      status: 422,
      code: 'workflow.invalid',
    });
    await put(id, flow('Layered', [act('two')]), '?draft=true');
    const { body } = await api.post<WorkflowView>(`/api/workflows/${id}/publish`, {
      json: { note: 'Two now.' },
    });
    expect(body).toMatchObject({ publishedVersion: 2, hasDraft: false, draft: null, problems: [] });
    const versions = await api.get<{ items: JsonObject[]; nextCursor: string | null }>(
      `/api/workflows/${id}/versions?limit=1`,
    );
    expect(versions.body.items).toMatchObject([{ version: 2, note: 'Two now.' }]);
    const more = await api.get<{ items: JsonObject[] }>(
      `/api/workflows/${id}/versions?cursor=${versions.body.nextCursor}`,
    );
    expect(more.body.items).toMatchObject([{ version: 1, definition: { steps: [{ id: 'one' }] } }]);
    expect((await api.get(`/api/workflows/${id}/versions/1`)).body).toMatchObject({
      version: 1,
      source: flow('Layered', steps),
    });
  });

  it('enables and disables its triggers', async () => {
    const id = await api.create(flow('Switched', steps, { triggers: [SCHEDULE] }));
    const trigger = async () => {
      const { body } = await api.get<{ items: JsonObject[] }>('/api/triggers');
      return body.items.find(({ workflowId }) => workflowId === id);
    };
    expect(await trigger()).toMatchObject({
      triggerId: 'daily',
      type: 'schedule',
      enabled: true,
      state: 'active',
    });
    expect((await api.post<WorkflowView>(`/api/workflows/${id}/disable`)).body.enabled).toBe(false);
    expect(await trigger()).toMatchObject({ enabled: false, state: 'disabled', nextRuns: [] });
    expect((await api.post<WorkflowView>(`/api/workflows/${id}/enable`)).body.enabled).toBe(true);
    expect(
      (await put(id, flow('Switched', steps, { triggers: [SCHEDULE], enabled: false }))).body.enabled,
    ).toBe(false);
    expect(await trigger()).toMatchObject({ enabled: false });
    await api.ask('DELETE', `/api/workflows/${id}`);
    expect(await trigger()).toBeUndefined();
  });
});

describe('deleting a workflow', () => {
  it('leaves its executions readable', async () => {
    const id = await api.create(flow('Doomed', steps));
    const execution = await api.ended(await api.execute(id));
    expect((await api.ask('DELETE', `/api/workflows/${id}`)).body).toEqual({ id });
    expect((await api.refused('GET', `/api/workflows/${id}`)).status).toBe(404);
    expect(await api.execution(execution.executionId)).toEqual(execution);
    const { body } = await api.get<{ items: JsonObject[] }>(`/api/executions?workflowId=${id}`);
    expect(body.items).toMatchObject([{ executionId: execution.executionId }]);
    expect(await api.create(flow('Doomed', steps))).toBe(id);
  });
});

describe('undoing the deletion of a workflow', () => {
  const triggersOf = async (id: string) =>
    (await api.get<{ items: JsonObject[] }>('/api/triggers')).body.items.filter(
      ({ workflowId }) => workflowId === id,
    );

  it('brings it back with its versions, its draft and its triggers', async () => {
    const id = await api.create(flow('Mourned', steps, { triggers: [SCHEDULE] }));
    await put(id, 'name: Mourned\nsteps: [', '?draft=true');
    const before = await api.workflow(id);
    await api.ask('DELETE', `/api/workflows/${id}`);
    expect(await triggersOf(id)).toEqual([]);
    const { body } = await api.post<WorkflowView>(`/api/workflows/${id}/restore`);
    expect(body).toMatchObject({ ...before, revision: before.revision + 2, updated: expect.any(String) });
    expect(await triggersOf(id)).toMatchObject([{ triggerId: 'daily', enabled: true, state: 'active' }]);
    expect((await api.get(`/api/workflows/${id}/versions/1`)).status).toBe(200);
  });

  it('is refused where there is nothing to bring back, or another is there', async () => {
    expect(await api.refused('POST', '/api/workflows/never-there/restore')).toMatchObject({
      status: 404,
      code: 'workflow.not_found',
    });
    const id = await api.create(flow('Standing', steps));
    expect(await api.refused('POST', `/api/workflows/${id}/restore`)).toMatchObject({
      status: 409,
      code: 'workflow.exists',
    });
  });
});

describe('templates', () => {
  it('are the definitions of the product, with their comments but without what is for tests', async () => {
    const { body } = await api.get<{ items: Template[] }>('/api/templates');
    const sales = body.items.find(({ id }) => id === 'sales-summary');
    expect(sales).toMatchObject({
      title: 'Sales summary',
      description: 'Sums up a list of sales by region whenever the file changes.',
      source: 'product',
      definition: { name: 'Sales summary', triggers: [{ id: 'sales' }] },
    });
    expect(sales?.text).toMatch(
      /^# Sums up a list of sales by region whenever the file changes\.\nid: sales-summary\n/,
    );
    for (const { text = '', description } of body.items) {
      expect(description).toMatch(/\S/);
      expect(description).not.toContain('expect:');
      expect((await api.post('/api/workflows/validate', { yaml: text })).body).toEqual({
        valid: true,
        problems: [],
      });
    }
  });

  it('of plugins are there while the plugin runs', async () => {
    const plugin: PluginView = {
      id: 'word-tools',
      kind: 'module',
      status: 'running',
      commands: [],
      triggers: [],
      templates: [{ id: 'check', title: 'Check', description: 'Checks.', definition: { name: 'Check' } }],
    };
    const brought = async (status: PluginView['status']) => {
      const plugins = { list: async () => ({ items: [] }), known: () => [{ ...plugin, status }] };
      return (await templates({ plugins })).filter(({ source }) => source === 'word-tools');
    };
    expect(await brought('running')).toEqual([{ ...plugin.templates[0], source: 'word-tools' }]);
    expect(await brought('failed')).toEqual([]);
  });
});

describe('the list of workflows', () => {
  beforeAll(async () => {
    for (const [name, tag] of [
      ['Apple pie', 'sweet'],
      ['Apple cider', 'drink'],
      ['Pear 100%', 'sweet'],
    ])
      await api.create(flow(`Listed ${name}`, steps, { metadata: { tags: [tag ?? ''] } }));
  });

  const ids = async (query: string): Promise<string[]> =>
    (await api.get<Page>(`/api/workflows?${query}`)).body.items.map(({ id }) => id).sort();

  it('is searched by text and filtered by tag and state', async () => {
    expect(await ids('search=listed+APPLE')).toEqual(['listed-apple-cider', 'listed-apple-pie']);
    expect(await ids('tag=sweet')).toEqual(['listed-apple-pie', 'listed-pear-100']);
    expect(await ids('search=apple&tag=sweet')).toEqual(['listed-apple-pie']);
    expect(await ids('search=100%25')).toEqual(['listed-pear-100']);
    expect(await ids('search=nothing')).toEqual([]);
    await api.post('/api/workflows/listed-pear-100/disable');
    expect(await ids('tag=sweet&enabled=true')).toEqual(['listed-apple-pie']);
    expect(await ids('tag=sweet&enabled=false')).toEqual(['listed-pear-100']);
  });

  it('comes in pages that have each once', async () => {
    const all = await ids('limit=200');
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: Page } = await api.get<Page>(
        `/api/workflows?limit=3${cursor && `&cursor=${cursor}`}`,
      );
      found.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(found.sort()).toEqual(all);
  });
});

describe('a copy of a workflow', () => {
  it('is disabled, goes under its own name, and keeps the comments', async () => {
    const id = await api.create(`# Mind the gap\n${flow('Original', steps, { triggers: [SCHEDULE] })}`);
    const { status, body } = await api.post<WorkflowView>(`/api/workflows/${id}/duplicate`);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: 'original-copy',
      name: 'Original (copy)',
      enabled: false,
      publishedVersion: 1,
      problems: [],
    });
    expect(body.source).toContain('# Mind the gap');
    const named = await api.post<WorkflowView>(`/api/workflows/${id}/duplicate`, {
      json: { id: 'mine', name: 'Mine' },
    });
    expect(named.body).toMatchObject({ id: 'mine', name: 'Mine', definition: { id: 'mine', name: 'Mine' } });
    expect(await api.workflow(id)).toMatchObject({ name: 'Original', enabled: true });
  });

  it('of a draft is a draft', async () => {
    const sketch = await api.post('/api/workflows?draft=true', { yaml: 'name: Sketch\nsteps: [' });
    const { body } = await api.post<WorkflowView>(`/api/workflows/${sketch.body.id}/duplicate`);
    expect(body).toMatchObject({ publishedVersion: null, hasDraft: true, source: 'name: Sketch\nsteps: [' });
  });
});

describe('a workflow as a file', () => {
  const yaml = `# Head\n${flow('Travels', steps)} # tail\n`;

  it('goes out as it was written and comes back the same, disabled', async () => {
    const id = await api.create(yaml);
    const { text, headers } = await api.get(`/api/workflows/${id}/export`);
    expect(text).toBe(yaml);
    expect(headers.get('content-type')).toMatch(/yaml/);
    expect(headers.get('content-disposition')).toContain('travels.yaml');
    await api.ask('DELETE', `/api/workflows/${id}`);
    const { status, body } = await api.post<WorkflowView>('/api/workflows/import', { yaml: text });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id, enabled: false, source: yaml });
  });

  it('goes out as JSON, and as YAML where JSON was written', async () => {
    const { text } = await api.get('/api/workflows/travels/export?format=json');
    expect(JSON.parse(text)).toMatchObject(parse(yaml) as object);
    const json = { ...(JSON.parse(text) as JsonObject), id: 'travels-json', name: 'Travels in JSON' };
    await api.post('/api/workflows', { json });
    expect(parse((await api.get('/api/workflows/travels-json/export')).text)).toMatchObject(json);
  });

  it('takes the place of the workflow with its id', async () => {
    await api.create(flow('Replaced', steps, { id: 'replaced' }));
    const { body } = await api.post<WorkflowView>('/api/workflows/import', {
      yaml: flow('Replaced', [act('new')], { id: 'replaced' }),
    });
    expect(body).toMatchObject({
      publishedVersion: 2,
      enabled: false,
      definition: { steps: [{ id: 'new' }] },
    });
  });
});

describe('validating', () => {
  it('tells what is wrong and changes nothing', async () => {
    const before = await test.world();
    const good = await api.post('/api/workflows/validate', { yaml: flow('Fine', steps) });
    expect(good.body).toEqual({ valid: true, problems: [] });
    const bad = await api.post('/api/workflows/validate', { yaml: 'name: Bad\nsteps:\n  - type: nothing\n' });
    expect(bad.body).toMatchObject({ valid: false, problems: [{ line: 3, column: expect.any(Number) }] });
    expect(await test.world()).toEqual(before);
  });

  it('takes the saved one where none is sent, the draft before the published', async () => {
    const id = await api.create(flow('Checked', steps));
    expect((await api.post(`/api/workflows/${id}/validate`)).body).toMatchObject({ valid: true });
    await put(id, 'name: Checked', '?draft=true');
    expect((await api.post(`/api/workflows/${id}/validate`)).body).toMatchObject({ valid: false });
    expect(
      (await api.post(`/api/workflows/${id}/validate`, { yaml: flow('Checked', steps) })).body,
    ).toMatchObject({ valid: true });
  });
});
