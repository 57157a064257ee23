import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ExploreOptions } from './options';
import { shrink } from './report/shrink';
import { storyOf } from './report/story';
import { sumOf, unvisited, type Visits, visitsTable } from './report/visited';
import type { Violation } from './judge/judge';
import { actorKinds } from './world/plan';
import { simulate, type SimulateOptions, type WorldReport } from './world/simulate';

export interface ExploreParts extends Pick<SimulateOptions, 'policy' | 'roles'> {
  /** The project's folder. */
  readonly root: string;
  readonly print: (text: string) => void;
  readonly note: (text: string) => void;
}

/** What one process found in its worlds. */
interface Findings {
  readonly worlds: number;
  readonly failures: readonly { readonly seed: number; readonly violation: Violation }[];
  readonly steps: number;
  readonly virtualHours: number;
  readonly writes: number;
  readonly visits: Visits;
}

/** Runs worlds and prints what was found. Resolves to the exit code. */
export async function explore(options: ExploreOptions, parts: ExploreParts): Promise<number> {
  if (options.broken !== undefined && !process.env['POSTERN_EXPLORE_BUILD'])
    return exploreBroken(options.broken, parts);
  // What the first world would load takes real time, which no world may notice.
  const everything = { connections: 60, hours: 1, perTarget: 1, actors: actorKinds, faults: [] };
  await simulate(0, { ...parts, shape: everything });
  await simulate(0, { ...parts, shape: everything });
  if (options.seed !== undefined) return exploreOne(options.seed, options, parts);
  if (process.send !== undefined) {
    process.send(await exploreRange(options, parts));
    process.disconnect();
    return 0;
  }
  const startedMs = performance.now();
  const found = options.processes === 1 ? [await exploreRange(options, parts)] : await inProcesses(options);
  const failures = found.flatMap((each) => each.failures);
  const sum = (of: (each: Findings) => number): number => found.reduce((total, each) => total + of(each), 0);
  const seconds = (performance.now() - startedMs) / 1000;
  const visits = sumOf(found.map((each) => each.visits));
  if (options.pairs) visitsTable(visits).forEach((line) => parts.print(line));
  parts.print(
    JSON.stringify({
      from: options.from,
      worlds: sum(({ worlds }) => worlds),
      virtualHours: Math.round(sum(({ virtualHours }) => virtualHours)),
      steps: sum(({ steps }) => steps),
      writes: sum(({ writes }) => writes),
      seconds: Math.round(seconds * 10) / 10,
      failureCount: failures.length,
      failures: failures.slice(0, 20),
      ...(options.pairs ? { unvisited: unvisited(visits) } : {}),
    }),
  );
  return failures.length === 0 ? 0 : 1;
}

async function exploreRange(options: ExploreOptions, parts: ExploreParts): Promise<Findings> {
  const failures: { seed: number; violation: Violation }[] = [];
  let steps = 0;
  let virtualHours = 0;
  let writes = 0;
  let visits: Visits = {};
  for (let seed = options.from; seed < options.from + options.worlds; seed += 1) {
    const report = await simulate(seed, { ...parts, shape: options.shape });
    const [violation] = report.violations;
    steps += report.steps;
    virtualHours += report.virtualHours;
    writes += report.writes;
    visits = sumOf([visits, report.visits]);
    if (violation !== undefined) {
      failures.push({ seed, violation });
      if (options.broken !== undefined)
        return { worlds: seed - options.from + 1, failures, steps, virtualHours, writes, visits };
      parts.note(`world ${seed}: ${violation.law}: ${violation.what}`);
    }
    if (
      options.twice &&
      (await simulate(seed, { ...parts, shape: options.shape })).digest !== report.digest
    ) {
      const what = 'the same seed gave another history';
      failures.push({ seed, violation: { law: 'no-failure-escapes', what, about: '', atMs: 0 } });
    }
  }
  return { worlds: options.worlds, failures, steps, virtualHours, writes, visits };
}

/** Shares the worlds among processes of their own. */
async function inProcesses({ worlds, from, processes }: ExploreOptions): Promise<readonly Findings[]> {
  const share = Math.ceil(worlds / processes);
  const starts = Array.from({ length: processes }, (_, index) => index * share).filter(
    (start) => start < worlds,
  );
  return Promise.all(
    starts.map(async (start) => {
      const count = Math.min(share, worlds - start);
      const own = process.argv
        .slice(2)
        .filter((_, index, all) => !/^--(worlds|from)$/.test(all[index - 1] ?? ''));
      const rest = own.filter((each) => !/^--(worlds|from)(=|$)/.test(each));
      const child = fork(process.argv[1] ?? '', [
        ...rest,
        '--worlds',
        String(count),
        '--from',
        String(from + start),
      ]);
      const exited = once(child, 'exit');
      const [findings] = (await Promise.race([
        once(child, 'message'),
        exited.then(([code]) => Promise.reject(new Error(`A process of the explorer ended with ${code}`))),
      ])) as [Findings];
      await exited;
      return findings;
    }),
  );
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
async function exploreBroken(name: string, { root }: ExploreParts): Promise<number> {
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
    const child = spawn(process.execPath, [...args], { cwd: root, stdio: 'inherit', env });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  };
  if ((await run([join(root, 'scripts/build-explore.mjs'), name], process.env)) !== 0) {
    throw new Error(`The build ${name} failed`);
  }
  const main = join(root, 'dist/explore', name, 'explore.mjs');
  return run([main, ...process.argv.slice(2)], { ...process.env, POSTERN_EXPLORE_BUILD: name });
}
