import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fixedWorlds, type PlannedRun } from './fixed-worlds';
import type { ExploreOptions } from './options';
import { answerParent, inProcesses } from './processes';
import { allFindings, type Findings, findingsOf, nothingFound } from './report/findings';
import { shrink } from './report/shrink';
import { storyOf } from './report/story';
import { unvisited, visitsTable } from './report/visited';
import { simulate, type SimulateOptions, type WorldReport } from './world/simulate';

export interface ExploreParts extends Pick<SimulateOptions, 'policy' | 'roles'> {
  /** The project's folder. */
  readonly root: string;
  readonly print: (text: string) => void;
  readonly note: (text: string) => void;
}

/** Runs worlds and prints what was found. Resolves to the exit code. */
export async function explore(options: ExploreOptions, parts: ExploreParts): Promise<number> {
  const { broken } = options;
  if (broken !== undefined && !process.env['POSTERN_EXPLORE_BUILD'])
    return broken === 'all' ? exploreAllBroken(parts) : exploreBroken(broken, parts.root);
  if (options.seed !== undefined) return exploreOne(options.seed, options, parts);
  const worlds = worldsOf(options);
  const run = (index: number): Promise<Findings> => runWorld(worlds[index], options, parts);
  if (process.send !== undefined) {
    await answerParent(run);
    return 0;
  }
  const startedMs = performance.now();
  const all =
    options.processes === 1
      ? await inThisProcess(worlds.length, options, run)
      : await inProcesses({
          worlds: worlds.length,
          processes: options.processes,
          args: [...process.argv.slice(2), '--from', String(options.from)],
          isEnough: (each) => isEnough(each, options),
        });
  const seconds = (performance.now() - startedMs) / 1000;
  return report(allFindings(all), seconds, options, parts);
}

function worldsOf({ fixed, from, worlds, twice, shape }: ExploreOptions): readonly PlannedRun[] {
  if (fixed) return fixedWorlds;
  return Array.from({ length: worlds }, (_, index) => ({ seed: from + index, shape, twice }));
}

async function runWorld(
  world: PlannedRun | undefined,
  { broken }: ExploreOptions,
  parts: ExploreParts,
): Promise<Findings> {
  if (world === undefined) return nothingFound;
  const run = (): Promise<WorldReport> => simulate(world.seed, { ...parts, shape: world.shape });
  const first = await run();
  const findings = findingsOf(first, world.twice === true ? await run() : undefined);
  if (broken === undefined) {
    for (const { seed, violation } of findings.failures)
      parts.note(`world ${seed}: ${violation.law}: ${violation.what}`);
  }
  return findings;
}

/** Tells whether no more worlds are needed: a build with one mechanism removed has broken a law. */
function isEnough({ failures }: Findings, { broken }: ExploreOptions): boolean {
  return broken !== undefined && failures.length > 0;
}

/** Runs worlds one after another. */
async function inThisProcess(
  worlds: number,
  options: ExploreOptions,
  run: (index: number) => Promise<Findings>,
): Promise<readonly Findings[]> {
  const all: Findings[] = [];
  for (let index = 0; index < worlds; index += 1) {
    const findings = await run(index);
    all.push(findings);
    if (isEnough(findings, options)) break;
  }
  return all;
}

function report(
  { failures, visits, virtualHours, digest, ...found }: Findings,
  seconds: number,
  { from, fixed, pairs }: ExploreOptions,
  parts: ExploreParts,
): number {
  const missed = pairs ? unvisited(visits) : [];
  if (pairs) visitsTable(visits).forEach((line) => parts.print(line));
  parts.print(
    JSON.stringify({
      ...(fixed ? { fixed } : { from }),
      ...found,
      virtualHours: Math.round(virtualHours),
      digest: digest.toString(16).padStart(8, '0'),
      seconds: Math.round(seconds * 10) / 10,
      stepsPerSecond: Math.round(found.steps / seconds),
      worldsPerMinute: Math.round((found.worlds / seconds) * 60),
      failureCount: failures.length,
      failures: failures.slice(0, 20),
      ...(pairs ? { unvisited: missed } : {}),
    }),
  );
  return failures.length + missed.length === 0 ? 0 : 1;
}

async function exploreOne(seed: number, options: ExploreOptions, parts: ExploreParts): Promise<number> {
  const given: SimulateOptions = { ...parts, shape: options.shape };
  const report: WorldReport = await simulate(seed, { ...given, keepsTrace: true });
  if (options.trace) {
    for (const { atMs, who, what, about } of report.trace)
      parts.print(`${new Date(atMs).toISOString()} ${who}: ${what} ${about}`);
    parts.print(JSON.stringify(report.violations));
    return report.violations.length === 0 ? 0 : 1;
  }
  if (report.violations.length === 0) {
    parts.print(
      options.story ? storyOf(report) : JSON.stringify({ seed, digest: report.digest, violations: [] }),
    );
    return 0;
  }
  const { report: small, shape } = await shrink(report, given);
  parts.print(storyOf(small));
  parts.print(
    `Again: npm run explore -- --seed ${seed} --story --only ${shape.only?.join(',')} --faults ${shape.faults?.join(',') || 'none'} --actors ${shape.actors?.join(',') || 'none'}`,
  );
  return 1;
}

/** Builds the app with one mechanism removed, and runs the worlds with it. Resolves to the exit code. */
async function exploreBroken(name: string, root: string): Promise<number> {
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
    const child = spawn(process.execPath, [...args], { cwd: root, stdio: 'inherit', env });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  };
  if ((await run([join(root, 'scripts/build-explore.mjs'), name], process.env)) !== 0) {
    throw new Error(`The build ${name} failed`);
  }
  const main = join(root, 'dist/explore', name, 'explore.mjs');
  const args = [...process.argv.slice(2), '--broken', name];
  return run([main, ...args], { ...process.env, POSTERN_EXPLORE_BUILD: name });
}

/** Runs every build with one mechanism removed. Resolves to 0 if each broke a law. */
async function exploreAllBroken({ root, print }: ExploreParts): Promise<number> {
  const { edits } = (await import(pathToFileURL(join(root, 'dev/explore/broken/edits.mjs')).href)) as {
    readonly edits: Readonly<Record<string, unknown>>;
  };
  const acquitted: string[] = [];
  for (const name of ['trust-event', ...Object.keys(edits)]) {
    print(`${name}:`);
    if ((await exploreBroken(name, root)) !== 1) acquitted.push(name);
  }
  print(JSON.stringify({ acquitted }));
  return acquitted.length === 0 ? 0 : 1;
}
