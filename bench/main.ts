import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { runCommand } from '../dev/lib/cli-options';
import { projectRootOf } from '../dev/lib/project-root';
import { answerPart } from './answer/part';
import { coldPart } from './cold/part';
import { flowPart } from './flow/part';
import { growthPart } from './growth/part';
import { pacePart } from './pace/part';
import { peersPart } from './peers/part';
import { withPart } from './report/document';
import { machineLoad, machineName } from './report/machine';
import { readOptions, type BenchOptions } from './report/options';
import { isMet, type Part, type PartReport } from './report/part';
import { partText, type Report } from './report/report';
import { scalePart } from './scale/part';
import { suggestPart } from './suggest/part';
import { waitPart } from './wait/part';

const parts: readonly Part[] = [
  coldPart,
  flowPart,
  answerPart,
  waitPart,
  scalePart,
  growthPart,
  pacePart,
  peersPart,
  suggestPart,
];
const root = projectRootOf(import.meta.url);

/** Runs the parts and prints their reports. Resolves to exit code 1 if a goal was missed. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(
    args,
    parts.map(({ name }) => name),
  );
  const circumstances = {
    machine: machineName(),
    measuredAt: new Date().toISOString(),
    runs: options.runs,
    quick: options.quick,
    load: machineLoad(),
  };
  const reports: PartReport[] = [];
  for (const part of parts.filter(({ name }) => options.parts.includes(name))) {
    const log = (line: string): void => void process.stderr.write(`${part.name}: ${line}\n`);
    const report = await part.run({ root, runs: options.runs, quick: options.quick, log });
    reports.push(report);
    process.stdout.write(`\n## ${part.name}\n\n${partText({ ...circumstances, parts: [] }, report)}\n`);
  }
  await keep(options, { ...circumstances, parts: reports });
  return reports.flatMap(({ goals }) => goals).every(isMet) ? 0 : 1;
}

async function keep(options: BenchOptions, report: Report): Promise<void> {
  if (options.json !== undefined) await writeJson(resolve(options.json), report);
  if (!options.write) return;
  const file = join(root, 'docs/performance.json');
  const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, Report>) : {};
  const now = report.parts.map((part) => [part.name, { ...report, parts: [part] }] as const);
  await writeJson(file, { ...before, ...Object.fromEntries(now) });
  for (const [name, svg] of report.parts.flatMap(({ plots = {} }) => Object.entries(plots))) {
    await writeFile(join(root, 'docs/images', name), svg);
  }
  const document = join(root, 'docs/performance.md');
  const text = await readFile(document, 'utf8');
  await writeFile(
    document,
    report.parts.reduce((all, part) => withPart(all, part.name, partText(report, part)), text),
  );
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Plots are separate files.
  const text = JSON.stringify(value, (key, each: unknown) => (key === 'plots' ? undefined : each), 2);
  const { format } = await import('prettier');
  await writeFile(file, await format(text, { parser: 'json', printWidth: 110 }));
}

await runCommand(() => main(process.argv.slice(2)));
