import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from './build-app';
import { check, type Evidence, type ViolationRule } from './check';
import { faultsOf, type FaultOrder } from './plan/disturbances';
import { drive, type Driven } from './drive';
import { gather } from './gather';
import type { BrokenBuild, ChaosOptions } from './options';
import { startPersistent, type Persistent } from './persistent';
import { startAnswerers, type Answerers } from './people/answerers';
import { createClient } from './people/client';
import { drawPlan, type ChaosPlan } from './plan/plan';
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
  const { root, print, broken } = options;
  const pattern = broken === undefined ? everything : aimed[broken];
  const plan = drawPlan({ ...options, ...pattern });
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
    appDirectory,
    workerPath: join(root, 'dist/dev/host-worker.mjs'),
    writePolicy: (folder) => writePolicy(join(root, 'dev/chaos/policy'), folder, plan),
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
    return await judge({ options, system, plan, recorder, startedMs, persistent, answerers });
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
}

async function judge(run: Run): Promise<ChaosReport> {
  const { options, system, plan, recorder, startedMs, persistent, answerers } = run;
  const { azure, hosts, azurite } = system;
  const untilMs = startedMs + options.minutes * 60_000;
  const driven: Driven = await drive({ plan, azure, hosts, recorder });
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
    persistent: persistent.counts,
    replies: answerers.replies,
    silent: silentOf(plan).size,
    seconds: elapsed,
    settled,
  });
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
