import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plotSvg } from './plot';
import { memoryLimitMb, plotsOf, summaryOf, tableOf } from './report';
import { connectionsPerTarget, runSweeps, type SweepFigures } from './sweep-run';
import { runWaiting } from './waiting-run';

const usage = `node dist/bench/scale.mjs [options]
  --sizes N,…      how many Pending connections; default 1000,10000,100000
  --operations N   how many operations wait, 0 for none; default 10000
  --runs N         how often each size is measured: the median time and the most memory count; default 3
  --reviews        what is asked for is reviewed meanwhile, by the same process
  --plots FOLDER   writes the plots there
Each measurement is a line of JSON; at the end comes a table. Exit code 1: a sweep took more than ${memoryLimitMb} MB.`;

interface Options {
  readonly sizes: readonly number[];
  readonly operations: number;
  readonly runs: number;
  readonly reviews: boolean;
  readonly plots: string | undefined;
}

async function main({ sizes, operations, runs, reviews, plots }: Options): Promise<number> {
  const root = projectRoot(dirname(fileURLToPath(import.meta.url)));
  tell({ kind: 'machine', machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}` });
  const all: SweepFigures[] = [];
  for (let run = 0; run < runs; run += 1) {
    for (const connections of sizes) {
      const figures = await runSweeps({ root, connections, reviews });
      figures.forEach(tell);
      all.push(...figures);
    }
  }
  if (operations > 0) tell(await runWaiting({ root, operations, watchSeconds: 20 }));
  const summary = summaryOf(all);
  process.stdout.write(`\n${tableOf(summary)}\n`);
  if (plots !== undefined) await writePlots(plots, summary);
  return summary.every(({ peakMb }) => peakMb < memoryLimitMb) ? 0 : 1;
}

function tell(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function writePlots(folder: string, summary: readonly SweepFigures[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, plot] of Object.entries(plotsOf(summary))) {
    await writeFile(join(folder, name), plotSvg(plot));
  }
}

function projectRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder));
}

class UsageError extends Error {}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: '1000,10000,100000' },
      operations: { type: 'string', default: '10000' },
      runs: { type: 'string', default: '3' },
      reviews: { type: 'boolean', default: false },
      plots: { type: 'string' },
    },
  });
  const sizes = values.sizes.split(',').map(Number);
  if (!sizes.every((size) => size > 0 && size % connectionsPerTarget === 0)) {
    throw new UsageError(`--sizes takes multiples of ${connectionsPerTarget}`);
  }
  const operations = Number(values.operations);
  const runs = Number(values.runs);
  if (!Number.isInteger(operations) || operations < 0 || !Number.isInteger(runs) || runs < 1) {
    throw new UsageError('--operations and --runs take whole numbers');
  }
  return { sizes, operations, runs, reviews: values.reviews, plots: values.plots };
}

function optionsOrUsage(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return undefined;
  }
}

const options = optionsOrUsage();
process.exitCode = options === undefined ? 2 : await main(options);
