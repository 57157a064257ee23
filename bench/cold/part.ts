import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Goal, Part, PartOptions, PartReport } from '../report/part';
import { median } from '../report/statistics';
import { figure, type Table } from '../report/table';
import { loadedOf, loadedTable, type Loaded, type Metafile } from './loaded';
import type { ColdFiles, ColdMeasurement, ColdOrder, Stage } from './measurement';

const variants = ['bundle', 'unbundled', 'empty'] as const;
type Variant = (typeof variants)[number];
export type Measured = Readonly<Record<Variant, readonly ColdMeasurement[]>>;

const labels: Readonly<Record<Variant, string>> = {
  bundle: 'the deployed bundle',
  unbundled: 'the same app, its packages in node_modules',
  empty: 'an app with one empty function',
};

/** Fresh processes per round. One load is short, and other programs disturb it. */
const processesPerRun = 5;

/**
 * Measures how long the app takes to start, compared with the same packages unbundled and with an empty app.
 */
export const coldPart: Part = { name: 'cold', run };

async function run(options: PartOptions): Promise<PartReport> {
  const orders = await buildOrders(options);
  const measured: Record<Variant, ColdMeasurement[]> = { bundle: [], unbundled: [], empty: [] };
  const rounds = options.runs * processesPerRun;
  // The first round warms the file system's cache and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    options.log(`round ${round} of ${rounds}`);
    for (const variant of variants) {
      const measurement = await inFreshProcess<ColdMeasurement>(options.root, orders[variant]);
      if (round > 0) measured[variant].push(measurement);
    }
  }
  const loaded = await loadedBy(options.root, orders.bundle);
  return {
    name: 'cold',
    about: `${rounds} fresh processes per app, taking turns, after one that is not counted.`,
    tables: [timeTable(measured), memoryTable(measured), loadedTable(loaded)],
    goals: goalsOf(measured),
    figures: { ...measured, loaded },
  };
}

async function buildOrders({ root }: PartOptions): Promise<Readonly<Record<Variant, ColdOrder>>> {
  const folder = join(root, 'dist/bench/apps');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'bench/cold/build-apps.mjs'), folder],
    { cwd: root },
  );
  const onDemand = JSON.parse(stdout) as Record<'bundle' | 'unbundled', readonly string[]>;
  return {
    bundle: { what: 'times', appDirectory: root, onDemand: onDemand.bundle },
    unbundled: { what: 'times', appDirectory: join(folder, 'unbundled'), onDemand: onDemand.unbundled },
    empty: { what: 'times', appDirectory: join(folder, 'empty'), onDemand: [] },
  };
}

async function loadedBy(root: string, order: ColdOrder): Promise<Loaded> {
  const { files } = await inFreshProcess<ColdFiles>(root, { ...order, what: 'files' });
  const metafile = JSON.parse(await readFile(join(root, 'dist/app.meta.json'), 'utf8')) as Metafile;
  return loadedOf(
    metafile,
    files.map((url) => relative(root, fileURLToPath(url))),
  );
}

async function inFreshProcess<Result>(root: string, order: ColdOrder): Promise<Result> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'dist/bench/cold-probe.mjs'), JSON.stringify(order)],
    {
      cwd: root,
      timeout: 120_000,
      env: { PATH: process.env['PATH'], AzureWebJobsStorage: 'UseDevelopmentStorage=true' },
    },
  );
  return JSON.parse(stdout) as Result;
}

type Pick = (measurement: ColdMeasurement) => number;

const entry: Pick = (each) => each.entry.milliseconds;
const invocation: Pick = (each) => each.invocation.milliseconds;
const ready: Pick = (each) => sum([each.entry, each.invocation], 'milliseconds');
const readyProcessor: Pick = (each) => sum([each.entry, each.invocation], 'processorMilliseconds');
const everything: Pick = (each) => sum([each.entry, each.invocation, each.rest], 'milliseconds');

function sum(stages: readonly Stage[], what: 'milliseconds' | 'processorMilliseconds'): number {
  return stages.reduce((total, stage) => total + stage[what], 0);
}

function middle(measured: Measured, variant: Variant, pick: Pick): number {
  return median(measured[variant].map(pick));
}

function timeTable(measured: Measured): Table {
  const columns = [entry, invocation, ready, readyProcessor, everything];
  return {
    caption:
      'Milliseconds in a running process: the entry point until all functions are registered, the first invocation, which composes the app, and everything that is loaded on demand later.',
    head: ['app', 'entry', 'first invocation', 'both', 'both, CPU', 'all packages loaded'],
    rows: variants.map((variant) => [
      labels[variant],
      ...columns.map((pick) => figure(middle(measured, variant, pick))),
    ]),
  };
}

function memoryTable(measured: Measured): Table {
  const columns: readonly Pick[] = [
    (each) => each.before,
    (each) => each.entry.residentMiB,
    (each) => each.invocation.residentMiB,
    (each) => each.rest.residentMiB,
  ];
  return {
    caption: 'Resident memory in MiB: of the worker alone, and after each of the three stages.',
    head: ['app', 'worker alone', 'entry', 'first invocation', 'all packages loaded'],
    rows: variants.map((variant) => [
      labels[variant],
      ...columns.map((pick) => figure(middle(measured, variant, pick))),
    ]),
  };
}

/** The milliseconds that the bundle may need more than the empty app. */
const mostAboveEmpty = 50;

export function goalsOf(measured: Measured): readonly Goal[] {
  const bundle = middle(measured, 'bundle', ready);
  const all = middle(measured, 'unbundled', everything);
  return [
    {
      what: 'Entry and first invocation of the bundle, as a share of importing the same packages unbundled',
      measured: bundle / all,
      limit: 0.2,
      wanted: 'at most',
    },
    {
      what: 'Milliseconds above the empty app',
      measured: bundle - middle(measured, 'empty', ready),
      limit: mostAboveEmpty,
      wanted: 'at most',
    },
  ];
}
