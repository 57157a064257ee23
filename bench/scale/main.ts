import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseOptions, runCommand, UsageError, wholeNumberOf } from '../../dev/lib/cli-options';
import { projectRootOf } from '../../dev/lib/project-root';
import { plotSvg } from './plot';
import { memoryLimitMb, plotsOf, summaryOf, tableOf } from './report';
import { connectionsPerTarget, runSweeps, type SweepFigures } from './sweep-run';
import { runWaiting } from './waiting-run';

const usage = `node dist/bench/scale.mjs [options]
  --sizes N,…      numbers of Pending connections; default 1000,10000,100000
  --operations N   number of waiting operations, 0 for none; default 10000
  --runs N         measurements per size, for the median time and the maximum memory; default 3
  --types N        number of types that the targets have, in turns; default: the four with a store of their own
  --reviews        runs the requested reviews meanwhile, in the same process
  --plots FOLDER   writes the plots to this folder
Prints each measurement as a line of JSON, and a table at the end. Exit code 1: a sweep used more than ${memoryLimitMb} MB.`;

interface Options {
  readonly sizes: readonly number[];
  readonly operations: number;
  readonly runs: number;
  readonly reviews: boolean;
  readonly types: number | undefined;
  readonly plots: string | undefined;
}

async function main({ sizes, operations, runs, reviews, types, plots }: Options): Promise<number> {
  const root = projectRootOf(import.meta.url);
  printJson({
    kind: 'machine',
    machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`,
  });
  const all: SweepFigures[] = [];
  for (let run = 0; run < runs; run += 1) {
    for (const connections of sizes) {
      const figures = await runSweeps({ root, connections, reviews, types });
      figures.forEach(printJson);
      all.push(...figures);
    }
  }
  if (operations > 0) printJson(await runWaiting({ root, operations, watchSeconds: 20 }));
  const summary = summaryOf(all);
  process.stdout.write(`\n${tableOf(summary)}\n`);
  if (plots !== undefined) await writePlots(plots, summary);
  return summary.every(({ peakMb }) => peakMb < memoryLimitMb) ? 0 : 1;
}

function printJson(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function writePlots(folder: string, summary: readonly SweepFigures[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, plot] of Object.entries(plotsOf(summary))) {
    await writeFile(join(folder, name), plotSvg(plot));
  }
}

const known = {
  sizes: { type: 'string', default: '1000,10000,100000' },
  operations: { type: 'string', default: '10000' },
  runs: { type: 'string', default: '3' },
  reviews: { type: 'boolean', default: false },
  types: { type: 'string' },
  plots: { type: 'string' },
} as const;

function readOptions(args: readonly string[]): Options {
  const values = parseOptions(args, known, usage);
  const sizes = values.sizes.split(',').map(Number);
  if (!sizes.every((size) => size > 0 && size % connectionsPerTarget === 0)) {
    throw new UsageError(`--sizes takes multiples of ${connectionsPerTarget}`);
  }
  return {
    sizes,
    operations: wholeNumberOf('--operations', values.operations, [0, 1_000_000]),
    runs: wholeNumberOf('--runs', values.runs, [1, 99]),
    reviews: values.reviews,
    types: values.types === undefined ? undefined : wholeNumberOf('--types', values.types, [1, 100]),
    plots: values.plots,
  };
}

await runCommand(() => main(readOptions(process.argv.slice(2))));
