import { writeFileSync } from 'node:fs';
import { acquireTemporal } from '#scripts/temporal/acquire.ts';
import { cacheFolder } from '#scripts/temporal/cache-folder.ts';
import { loadData } from '#shared/definition/load.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { Run } from '#shared/execution/protocol.ts';
import type { Json } from '#shared/json.ts';
import { median } from './median.ts';
import { openWorld, type World } from './world.ts';

/** Side-by-side measurements of one run of this script; ratios are what counts, machines are noisy. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
/** A single run is over in a third of a second, so many of them fit; their medians are the steadier for it. */
const SHORT_ROUNDS = 3 * ROUNDS;
const BATCH = 20;
/**
 * Runs in a row on one of two servers. A second of idleness grants the untuned one twenty polls at once, as many as a
 * run of twenty actions needs: in turn with the other, each of its runs would be as quick as only a first one is.
 */
const BLOCK = 5;

interface Sample {
  wall: number;
  server: number;
  worker: number;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const medians = (samples: Sample[]): Sample => ({
  wall: median(samples.map(({ wall }) => wall)),
  server: median(samples.map(({ server }) => server)),
  worker: median(samples.map(({ worker }) => worker)),
});

function workflow(steps: Json[]): Workflow {
  const { workflow: loaded, problems } = loadData({ name: 'Bench', steps });
  if (!loaded || problems.length > 0) throw new Error(JSON.stringify(problems));
  return loaded;
}

const echoes = (count: number): Json[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    type: 'action',
    action: { type: 'bench.echo', parameters: { value: index } },
  }));

const run = (steps: Json[]): Run => ({
  workflow: workflow(steps),
  workflowVersion: 1,
  facts: { 'bench.echo': { timeout: 60_000, retry: {}, idempotent: true } },
  trigger: {},
  variables: {},
});

async function measured(world: World, work: () => Promise<unknown>): Promise<Sample> {
  const before = world.cpu();
  const from = performance.now();
  await work();
  const after = world.cpu();
  return {
    wall: performance.now() - from,
    server: after.server - before.server,
    worker: after.worker - before.worker,
  };
}

/** The two in turn, A B B A …, so that neither always comes second, after one of each that does not count. */
async function sideBySide(
  a: () => Promise<Sample>,
  b: () => Promise<Sample>,
  rounds = ROUNDS,
): Promise<[Sample[], Sample[]]> {
  await a();
  await b();
  const results: [Sample[], Sample[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const inTurn = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of inTurn) results[side].push(side === 0 ? await a() : await b());
  }
  return results;
}

let serial = 0;
const id = (name: string): string => `${name}-${serial++}`;

const batchOf = (start: () => Promise<{ result(): Promise<unknown> }>) => async () => {
  const handles = await Promise.all(Array.from({ length: BATCH }, start));
  await Promise.all(handles.map((handle) => handle.result()));
};

type Row = [what: string, figure: string, wanted: string];

const ratio = (better: number, worse: number): string => (better / worse).toFixed(2);

async function interpreterRows(world: World): Promise<Row[]> {
  const twenty = run(echoes(20));
  const hand = () => world.start('handWritten', id('hand'), [20]);
  const bare = () => world.start('handWrittenBare', id('bare'), [20]);
  const ours = () => world.startRun(id('ours'), twenty);
  const one = (start: typeof ours | typeof hand) => () =>
    measured(world, async () => (await start()).result());
  const many = (start: typeof ours | typeof hand) => () => measured(world, batchOf(start));
  say('one run of 20 activities, hand-written and interpreted in turn');
  const [handOne, oursOne] = (await sideBySide(one(hand), one(ours), SHORT_ROUNDS)).map(medians) as [
    Sample,
    Sample,
  ];
  say(`${BATCH} such runs at once`);
  const [handMany, oursMany] = (await sideBySide(many(hand), many(ours))).map(medians) as [Sample, Sample];
  say('the same against bare functions, to see what the action host costs');
  const [bareMany, hostedMany] = (await sideBySide(many(bare), many(ours))).map(medians) as [Sample, Sample];
  const cpu = ({ server, worker }: Sample): number => server + worker;
  return [
    [
      'the same 20 actions, one run: wall, hand-written / interpreter',
      `${handOne.wall.toFixed(0)} / ${oursOne.wall.toFixed(0)} ms = ${ratio(handOne.wall, oursOne.wall)}`,
      '≥ 0.95',
    ],
    [
      `the same, ${BATCH} runs at once: wall`,
      `${handMany.wall.toFixed(0)} / ${oursMany.wall.toFixed(0)} ms = ${ratio(handMany.wall, oursMany.wall)}`,
      '≥ 0.95',
    ],
    [
      `the same: CPU of server and worker`,
      `${cpu(handMany).toFixed(0)} / ${cpu(oursMany).toFixed(0)} ms = ${ratio(cpu(handMany), cpu(oursMany))}`,
      '≥ 0.95',
    ],
    [
      'the same, against bare functions without an action host: CPU',
      `${cpu(bareMany).toFixed(0)} / ${cpu(hostedMany).toFixed(0)} ms = ${ratio(cpu(bareMany), cpu(hostedMany))}`,
      '',
    ],
    ['the same: steps a second, interpreter', ((BATCH * 20_000) / oursMany.wall).toFixed(0), ''],
  ];
}

async function eventRow(world: World): Promise<Row> {
  const lengths = await Promise.all(
    [20, 40].map(async (count) => {
      const handle = await world.startRun(id('events'), run(echoes(count)));
      await handle.result();
      return (await handle.describe()).historyLength;
    }),
  );
  return [
    'events of history a sequential action',
    (((lengths[1] ?? 0) - (lengths[0] ?? 0)) / 20).toFixed(2),
    '≤ 6',
  ];
}

async function pureRow(world: World): Promise<Row> {
  const steps: Json[] = [
    { id: 'a', type: 'set', config: { values: { v: '{{ index }}' } } },
    { id: 'c', type: 'condition', config: { expression: 'steps.a.output.v > 5' } },
  ];
  const pure = run([{ id: 'l', type: 'loop', config: { times: 5_000, steps } }]);
  const walls: number[] = [];
  for (let round = 0; round < 3; round++)
    walls.push((await measured(world, async () => (await world.startRun(id('pure'), pure)).result())).wall);
  return ['10,000 set and condition steps in one run', `${(median(walls) / 1_000).toFixed(2)} s`, '< 5 s'];
}

async function chainRow(world: World): Promise<Row> {
  const { wall } = await measured(world, async () =>
    (await world.startRun(id('chain'), run(echoes(1_000)))).result(),
  );
  return [
    'a chain of 1,000 actions',
    `${(wall / 1_000).toFixed(1)} s, ${(wall / 1_000).toFixed(1)} ms a step`,
    '',
  ];
}

async function serverRows(tuned: World, untuned: World): Promise<Row[]> {
  say(`${BLOCK} runs of 20 actions in a row on the untuned and on the tuned server, in turn`);
  const twenty = run(echoes(20));
  const one = (world: World) => () =>
    measured(world, async () => (await world.startRun(id('server'), twenty)).result());
  const sustained = (world: World, other: World) => async () => {
    other.pause();
    await one(world)();
    const samples: Sample[] = [];
    while (samples.length < BLOCK) samples.push(await one(world)());
    other.resume();
    return medians(samples);
  };
  const many = (world: World) => () =>
    measured(
      world,
      batchOf(() => world.startRun(id('server'), twenty)),
    );
  const [slow, quick] = (await sideBySide(sustained(untuned, tuned), sustained(tuned, untuned))).map(
    medians,
  ) as [Sample, Sample];
  const [slowMany, quickMany] = (await sideBySide(many(untuned), many(tuned), Math.ceil(ROUNDS / 2))).map(
    medians,
  ) as [Sample, Sample];
  return [
    [
      'sequential latency, untuned / tuned server',
      `${slow.wall.toFixed(0)} / ${quick.wall.toFixed(0)} ms = ${ratio(slow.wall, quick.wall)}`,
      '≥ 2',
    ],
    [
      `${BATCH} runs at once, untuned / tuned server`,
      `${slowMany.wall.toFixed(0)} / ${quickMany.wall.toFixed(0)} ms = ${ratio(slowMany.wall, quickMany.wall)}`,
      '',
    ],
  ];
}

/** All rows, or those of the `interpreter` or the `server` alone. */
async function main(part: string | undefined): Promise<void> {
  const binary = await acquireTemporal({
    cliPath: process.env.TEMPORAL_CLI_PATH,
    cache: cacheFolder(process.env),
    report: say,
  });
  const tuned = await openWorld(binary, true);
  const rows: Row[] = [];
  if (part !== 'server')
    rows.push(
      ...(await interpreterRows(tuned)),
      await eventRow(tuned),
      await pureRow(tuned),
      await chainRow(tuned),
    );
  if (part !== 'interpreter') {
    const untuned = await openWorld(binary, false);
    rows.push(...(await serverRows(tuned, untuned)));
    await untuned.close();
  }
  await tuned.close();
  const table = [
    '| what | measured | wanted |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
  process.stdout.write(`${table}\n`);
  if (process.env.BENCH_FILE) writeFileSync(process.env.BENCH_FILE, `${table}\n`);
}

await main(process.argv[2]);
process.exit(0);
