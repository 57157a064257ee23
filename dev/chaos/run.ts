import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { planBeside, writePolicyBeside } from './beside/beside-plan';
import { buildRelease } from './beside/build-release';
import { replaceInTurn, type Stages } from './beside/replace-hosts';
import { localIdentity } from '../azure';
import { buildApp } from './build-app';
import { check, type Evidence, type ViolationRule } from './check';
import { faultsOf, type FaultOrder } from './plan/disturbances';
import { drive, type Driven } from './drive';
import { gather } from './gather';
import type { BrokenBuild, ChaosOptions } from './options';
import { startPersistent, type Persistent } from './persistent';
import { startAnswerers, type Answerers } from './people/answerers';
import { createClient } from './people/client';
import { busySecondsOf, drawPlan, type ChaosPlan } from './plan/plan';
import { reportOf, type ChaosReport } from './report';
import { settle } from './settle';
import { startChaosSystem, type ChaosSystem } from './system';
import { createRecorder, type Recorder } from './recorder';
import { writePolicy } from './write-policy';

export interface RunOptions extends ChaosOptions {
  /** The project's folder, already built. */
  readonly root: string;
  readonly print: (text: string) => void;
}

interface Pattern extends FaultOrder {
  readonly foreignActionShare: number;
  readonly killEverySeconds: number | undefined;
  /** Whether requesters and contributors act again after Postern's answer. */
  readonly persistence: boolean;
  /** The share of held requests that people answer. */
  readonly answerShare: number;
}

const quiet: Pattern = {
  foreignActionShare: 0,
  killEverySeconds: undefined,
  faults: false,
  lies: 'none',
  slowWrites: false,
  persistence: false,
  answerShare: 0,
};

const everything: Pattern = {
  ...quiet,
  foreignActionShare: 0.15,
  killEverySeconds: 4,
  faults: true,
  lies: 'some',
  persistence: true,
  answerShare: 0.7,
};

/** While builds replace each other, workers die and people act; the earlier build knows longer waits than a run has. */
const beside: Pattern = { ...quiet, foreignActionShare: 0.1, killEverySeconds: 6 };

/** The pattern that exposes each broken build. */
const aimed: Readonly<Record<BrokenBuild, Pattern>> = {
  'no-lease': { ...quiet, slowWrites: true },
  'no-write-ahead': { ...quiet, killEverySeconds: 8, slowWrites: true },
  'trust-event': { ...quiet, foreignActionShare: 0.6 },
  'one-404': { ...quiet, lies: 'often', persistence: true },
  'foreign-401': quiet,
  'page-trusted': { ...quiet, answerShare: 1 },
};

/** The violations that each broken build must show. The run ends as soon as one is found. */
const expectedViolations: Readonly<Record<BrokenBuild, readonly ViolationRule[]>> = {
  'no-lease': ['overlapping-writes'],
  'no-write-ahead': ['write-before-decision'],
  'trust-event': ['overrode-somebody'],
  'one-404': ['approval-outlived', 'end-without-proof'],
  'foreign-401': ['request-not-answered'],
  'page-trusted': ['answer-stale', 'unwanted-write'],
};

const speed = 40;

/**
 * Runs the whole local system once. The seed determines the world, the policy's effects, the arrival of
 * requests, foreign actions, kills, faults of event delivery, and the draws of other faults. It does not
 * determine how the processes interleave, and so which request gets which draw. A seed that failed once fails
 * often, but not always.
 */
export async function runChaos(options: RunOptions): Promise<ChaosReport> {
  if (options.beside === undefined) return runBuilds(options, undefined);
  const folder = await mkdtemp(join(tmpdir(), 'postern-release-'));
  try {
    options.print(`building ${options.beside}`);
    return await runBuilds(options, await buildRelease(options.root, options.beside, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the system, from the beginning with the build in `earlier` if there is one. */
async function runBuilds(options: RunOptions, earlier: string | undefined): Promise<ChaosReport> {
  const { root, print, broken } = options;
  const pattern = earlier !== undefined ? beside : broken === undefined ? everything : aimed[broken];
  const drawn = drawPlan({ ...options, ...pattern });
  const plan = earlier === undefined ? drawn : planBeside(drawn);
  const recorder = createRecorder();
  const appDirectory = await buildApp(root, broken);
  const startedMs = performance.now();
  print(
    `seed ${options.seed}: ${plan.connections.length} connections, ${plan.targets.length} targets, ${plan.foreignActions.length} foreign actions, ${plan.answers.length} answers, ${plan.kills.length} kills`,
  );
  const log = options.log === undefined ? undefined : createWriteStream(options.log);
  const system = await startChaosSystem({
    seed: options.seed,
    speed,
    appDirectory: earlier ?? appDirectory,
    workerPath: join(root, 'dist/dev/host-worker.mjs'),
    writePolicy: (folder) =>
      earlier === undefined
        ? writePolicy(join(root, 'dev/chaos/policy'), folder, plan)
        : writePolicyBeside(root, folder),
    faults: faultsOf(pattern, plan.targets),
    recorder,
    silent: silentOf(plan),
    onLog: ({ level, function: name, message }, instance) => {
      log?.write(`${new Date().toISOString()} ${instance} ${level} ${name ?? ''} ${message}\n`);
      const isWarning = level === 'error' || level === 'critical' || level === 'warning';
      if (options.verbose && isWarning) print(`${level} ${name ?? ''} ${message}`);
    },
  });
  const persistent = startPersistent({ plan, recorder, azure: system.azure });
  const answerers = startAnswerers({
    ...{ answers: plan.answers, connections: plan.connections, azure: system.azure, recorder },
    call: createClient({ urls: system.hosts.map(({ url }) => url) }),
  });
  try {
    const busySeconds = busySecondsOf(options.connections);
    const replaced =
      earlier === undefined
        ? undefined
        : replaceInTurn({ system, appDirectory, busySeconds, writes: () => writesIn(recorder), print });
    return await judge({ options, system, plan, recorder, startedMs, persistent, answerers, replaced });
  } finally {
    // What they did not expect was reported above, or hides what went wrong before.
    await Promise.allSettled([persistent.stop(), answerers.stop()]);
    await system.close();
    log?.end();
  }
}

interface Run {
  readonly options: RunOptions;
  readonly system: ChaosSystem;
  readonly plan: ChaosPlan;
  readonly recorder: Recorder;
  readonly startedMs: number;
  readonly persistent: Persistent;
  readonly answerers: Answerers;
  /** Resolves when the present build runs alone; absent: it always does. */
  readonly replaced: Promise<Stages> | undefined;
}

async function judge(run: Run): Promise<ChaosReport> {
  const { options, system, plan, recorder, startedMs, persistent, answerers } = run;
  const { azure, hosts, azurite } = system;
  const untilMs = startedMs + options.minutes * 60_000;
  const [driven, stages]: [Driven, Stages | undefined] = await Promise.all([
    drive({ plan, azure, hosts, recorder }),
    run.replaced,
  ]);
  const { connectionString } = azurite;
  const evidenceOf = { plan, azure, recorder, driven, answerers, connectionString };
  options.print(
    `${seconds(startedMs)} s: all requests have arrived, ${driven.kills.length} workers were killed`,
  );
  const settled = await settle({
    ...evidenceOf,
    persistent,
    untilMs,
    isEnough: options.broken === undefined ? undefined : hasViolation(expectedViolations[options.broken]),
    print: (text) => options.print(`${seconds(startedMs)} s: ${text}`),
  });
  const elapsed = (performance.now() - startedMs) / 1000;
  // Late duplicates may still arrive, and must change nothing.
  if (settled) await sleep(lateEventsMs);
  await Promise.all([persistent.stop(), answerers.stop()]);
  await system.closeHosts();
  const evidence = await gather(evidenceOf);
  const verdict = check(evidence);
  return reportOf({
    options,
    azure,
    evidence,
    verdict,
    driven,
    stages,
    persistent: persistent.counts,
    replies: answerers.replies,
    silent: silentOf(plan).size,
    seconds: elapsed,
    settled,
  });
}

/** Counts the writes that Azure has answered to the app. */
function writesIn({ requests }: Recorder): number {
  return requests.filter(
    ({ principal, method }) =>
      principal === localIdentity.objectId && (method === 'PUT' || method === 'DELETE'),
  ).length;
}

function silentOf({ connections }: ChaosPlan): ReadonlySet<string> {
  return new Set(connections.filter(({ isSilent }) => isSilent).map(({ name }) => name));
}

function hasViolation(rules: readonly ViolationRule[]): (evidence: Evidence) => boolean {
  return (evidence) => check(evidence).violations.some(({ rule }) => rules.includes(rule));
}

const lateEventsMs = 4_000;

function seconds(startedMs: number): string {
  return ((performance.now() - startedMs) / 1000).toFixed(0);
}
