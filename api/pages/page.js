const ICONS = {
  queued: '○',
  running: '◐',
  retrying: '↻',
  waiting: '⏸',
  parked: '✋',
  pausing: '‖',
  paused: '‖',
  success: '✔',
  failure: '✕',
  skipped: '⤼',
  cancelled: '⃠',
  timeout: '⏱',
  unknown: '?',
  pending: '○',
};

const byId = (id) => document.getElementById(id);

const get = async (path) => {
  const response = await fetch(path);
  return response.json();
};

const cell = (content) => {
  const td = document.createElement('td');
  td.append(content ?? '');
  return td;
};

const code = (value) => {
  const element = document.createElement('code');
  element.textContent = value === null ? '' : JSON.stringify(value, null, 1);
  return element;
};

const fill = (id, rows, emptyText, columns) => {
  const body = byId(id);
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement('tr');
      row.append(...cells.map(cell));
      return row;
    }),
  );
  if (rows.length > 0) return;
  const row = document.createElement('tr');
  const only = cell(emptyText);
  only.colSpan = columns;
  only.className = 'empty';
  row.append(only);
  body.append(row);
};

const status = (name) => `${ICONS[name] ?? ''} ${name}`;
const time = (iso) => (iso ? new Date(iso).toLocaleString() : '');
const duration = (milliseconds) =>
  milliseconds === null
    ? ''
    : milliseconds < 1000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;

const runButton = (workflow) => {
  const button = document.createElement('button');
  button.textContent = 'Run';
  button.addEventListener('click', async () => {
    button.disabled = true;
    const response = await fetch(`/api/workflows/${workflow.id}/execute`, { method: 'POST' });
    const answer = await response.json();
    button.disabled = false;
    if (response.ok) location.hash = answer.executionId;
    else byId('health').textContent = `${answer.detail} ${answer.fix ?? ''}`;
  });
  return button;
};

const link = (id) => {
  const anchor = document.createElement('a');
  anchor.href = `#${id}`;
  anchor.textContent = id;
  return anchor;
};

const showWorkflows = async () => {
  const { items } = await get('/api/workflows?limit=200');
  const rows = items.map((workflow) => {
    const { executions, successRate, lastRun } = workflow.metadata;
    return [
      workflow.name,
      workflow.version,
      workflow.enabled ? 'on' : 'off',
      executions,
      executions ? `${Math.round(successRate * 100)} %` : '',
      time(lastRun),
      runButton(workflow),
    ];
  });
  fill(
    'workflows',
    rows,
    'None yet. Send one: curl --data-binary @definitions/inbox-report.yaml -H "Content-Type: application/yaml" <this URL>/api/workflows',
    7,
  );
};

const showExecutions = async () => {
  const { items } = await get('/api/executions?limit=50');
  const rows = items.map((execution) => [
    link(execution.executionId),
    execution.workflowId,
    status(execution.status),
    time(execution.startTime),
    duration(execution.duration),
  ]);
  fill('executions', rows, 'None yet.', 5);
};

let stream;
const showDetail = () => {
  stream?.close();
  const id = decodeURIComponent(location.hash.slice(1));
  byId('detail').hidden = id === '';
  if (id === '') return;
  stream = new EventSource(`/api/executions/${encodeURIComponent(id)}/stream`);
  stream.addEventListener('end', () => stream.close());
  stream.addEventListener('execution', ({ data }) => {
    const execution = JSON.parse(data);
    byId('detail-title').textContent =
      `${execution.executionId}: ${status(execution.status)}${execution.error ? `. ${execution.error.message}` : ''}`;
    const rows = execution.steps.map((step) => [
      step.path,
      status(step.status),
      step.attempt || '',
      duration(step.duration),
      code(step.input),
      code(step.error ?? step.output),
    ]);
    fill('steps', rows, 'It has not begun yet.', 6);
  });
};

const showHealth = async () => {
  const { status: health, temporal, workers, store } = await get('/api/health');
  const trouble = Object.entries({ temporal, workers, store }).flatMap(([name, part]) =>
    part.ok ? [] : `${name}: ${part.error}`,
  );
  byId('health').textContent =
    health === 'ok' ? 'A workflow could run now.' : `Not ready. ${trouble.join('; ')}`;
};

const refresh = async () => {
  try {
    await Promise.all([showHealth(), showWorkflows(), showExecutions()]);
  } catch (error) {
    byId('health').textContent = `No connection since ${new Date().toLocaleTimeString()}: ${error.message}`;
  }
};

addEventListener('hashchange', showDetail);
showDetail();
await refresh();
setInterval(refresh, 2000);
