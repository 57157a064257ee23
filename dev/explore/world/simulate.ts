import { latecomers } from '../judge/promptness';
import { isPolicyPath, policyDigest } from '../../../src/policy/file/policy-files';
import type { LocalAzure, RoleAssignment } from '../../azure';
import { localIdentity } from '../../azure';
import { createRecorder } from '../../chaos/recorder';
import { registeredFunctions } from '../app/functions-sdk';
import { Cluster } from '../host/cluster';
import type { Instance } from '../host/instance';
import { Judge, type Violation } from '../judge/judge';
import { ledgerRowFrom } from '../judge/ledger-row';
import type { PublishedPolicy } from '../judge/policies-in-hand';
import { createScheduler } from '../kernel/scheduler';
import { Visited, type Visits } from '../report/visited';
import { createStreams } from '../kernel/streams';
import { createTrace, type TraceEntry } from '../kernel/trace';
import { createSimulatedAccount } from '../storage/account';
import { makeOlder } from '../storage/older-storage';
import { createHostQueues } from './host-queues';
import { startActors } from './actors';
import { startConsole } from './console/start-console';
import { notAtRest } from './rest/at-rest';
import { createWorldAzure, disturbAzure } from './azure';
import { startDisturbances, type Disturbances } from './disturbances';
import { startOperator } from './operator';
import { quietHours, QuietHours } from './rest/quiet-hours';
import { startGovernance } from './governance';
import { drawWorld, type WorldPlan, type WorldShape } from './plan';
import { policyFiles } from './policies';
import type { PolicyVersion } from './policy-version';
import { isAway, type RunningWorld } from './running-world';
import { startWorker } from './worker/start-worker';

export interface SimulateOptions {
  readonly shape?: WorldShape | undefined;
  /** The text of the policy of `npm run chaos`. */
  readonly policy: string;
  readonly roles: readonly RoleAssignment[];
  /** Whether to keep the whole trace, for a story. */
  readonly keepsTrace?: boolean | undefined;
}

export interface WorldReport {
  readonly seed: number;
  readonly plan: WorldPlan;
  /** Eight hexadecimal digits over everything that happened. */
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly trace: readonly TraceEntry[];
  readonly steps: number;
  readonly virtualHours: number;
  readonly writes: number;
  readonly visits: Visits;
}

const startMs = Date.UTC(2026, 0, 5, 6, 0, 0);
/**
 * Everything comes to its end within this time after the last fault: the longest deadlines and back-offs, and
 * six sweeps, because what no event names waits for one, and whoever comes back waits again.
 */
const settleHours = 8;
const settleSweeps = 6;
/** A failed write is tried again after a day at most. */
const longestRetryHours = 24;
/** An answer that a second person must agree to waits for a day, and some people answer hours after the last fault. */
const longestAnswerHours = 27;
const hourMs = 3_600_000;
const checkEveryMs = 10 * 60_000;

/** Runs one world until everything in it has come to its end, or a law is broken. */
export async function simulate(seed: number, options: SimulateOptions): Promise<WorldReport> {
  const world = createWorld(seed, options);
  const { scheduler, judge, trace } = world;
  const { stackTraceLimit } = Error;
  // Stores and ARM refuse much, and nobody reads the stacks.
  Error.stackTraceLimit = 0;
  const failures = await withFailures(() => run(world, options));
  Error.stackTraceLimit = stackTraceLimit;
  for (const error of failures) judge.violate('no-failure-escapes', String(error), '');
  scheduler.close();
  return {
    seed,
    plan: world.plan,
    digest: trace.digest(),
    violations: judge.violations,
    trace: trace.entries,
    steps: scheduler.steps,
    virtualHours: (scheduler.nowMs() - startMs) / hourMs,
    writes: judge.writes.length,
    visits: world.visited.visits,
  };
}

function createWorld(seed: number, { shape, keepsTrace = false }: SimulateOptions): RunningWorld {
  const plan = drawWorld(seed, shape);
  const counts = { records: 0, facts: 0 };
  const stream = createStreams(seed);
  const scheduler = createScheduler(startMs, stream('scheduler'));
  const recorder = createRecorder(scheduler.nowMs);
  const account = createSimulatedAccount({
    now: scheduler.nowMs,
    random: stream('account').next,
    onRow: (table, change, row) => {
      if (table === 'operations') {
        judge.onRow(change, row);
        if (row.rowKey === 'policy' && change !== 'removed') onPolicyStored(String(row['digest']));
      }
      if (table !== 'ledger' || change !== 'inserted') return;
      // What a sweep or a lifted limit changes shows elsewhere.
      if (row['kind'] !== 'swept' && row['kind'] !== 'lifted') counts.records += 1;
      const record = ledgerRowFrom(row, scheduler.nowMs());
      const { kind, effect = '', connection = '', decisionId = '', reason = '' } = record;
      trace.note(
        'ledger',
        `${kind} ${effect} ${decisionId.slice(0, 8)} ${reason.slice(0, 90)}`,
        connection.split('/').at(-1),
      );
      judge.onLedger(record);
      if (kind === 'decided') onPolicyStored(record.policyDigest ?? '');
    },
  });
  const onPolicyStored = (digest: string): void => {
    const version = judge.onPolicyStored(digest);
    if (version !== undefined) trace.note('judge', `the policy "${version}" binds: it is on record`);
  };
  const trace = createTrace({ nowMs: scheduler.nowMs, keeps: keepsTrace });
  const azure: { operations: LocalAzure['world']['operations'] } = { operations: new Map() };
  const judge = new Judge({
    nowMs: scheduler.nowMs,
    connections: plan.connections,
    targets: plan.targets,
    limits: plan.limits,
    answers: plan.console?.policy,
    isLied: plan.faults.has('arm-lies') || plan.faults.has('arm-errors'),
    operations: () => azure.operations.values(),
    history: () => recorder.history,
    postern: localIdentity.objectId,
  });
  return {
    plan,
    scheduler,
    stream,
    trace,
    recorder,
    account,
    judge,
    startMs,
    disturbedUntilMs: startMs + plan.spanSeconds * 1000,
    policy: { version: 'base', sinceMs: startMs },
    visited: new Visited({
      account: () => account,
      onForbidden: (what, connectionId) =>
        judge.violate('only-designed-pairs', what, connectionId.split('/').at(-1) ?? ''),
    }),
    left: new Set(),
    counts,
    watch: (operations) => {
      azure.operations = operations;
    },
  };
}

async function run(world: RunningWorld, options: SimulateOptions): Promise<void> {
  const { plan, scheduler, stream, trace, judge, recorder } = world;
  const made: { cluster?: Cluster; disturbances?: Disturbances } = {};
  const azure = createWorldAzure({
    plan,
    scheduler,
    random: stream('webhooks'),
    roles: options.roles,
    recorder,
    onChange: (change) => {
      if (!('connection' in change)) return;
      const { name, status } = change.connection;
      trace.note('Azure', `${change.kind} ${name}: ${status}`, name);
      const last = recorder.history.at(-1);
      if (last === undefined || last.by === localIdentity.objectId) return;
      world.visited.note(last.status === 'gone' ? 'gone' : 'changed by others', last.connectionId);
    },
    onAnswered: (record) => judge.onAnswered(record),
    deliver: (events) => made.cluster?.deliver(events) ?? Promise.resolve(503),
  });
  world.watch(azure.world.operations);
  disturbAzure({ plan, scheduler }, azure);
  // Where faults occur all the time, no hour is quiet.
  const isAllBusy = plan.spells === undefined && plan.console === undefined;
  const quiet = isAllBusy ? undefined : new QuietHours(world, azure);
  const onQueueChange = (queue: string): void => made.cluster?.onQueueChange(queue);
  const atCall = (instance: Instance): void => made.disturbances?.atCall(instance);
  const cluster = new Cluster({
    scheduler,
    random: stream('host'),
    trace,
    queues: createHostQueues(world.account, {
      isAway: () => isAway(world, 'storage'),
      onChange: onQueueChange,
      onReceived: (queue, text) => world.visited.onMessage(queue, text),
    }),
    functions: registeredFunctions,
    onLeft: (messageId) => void world.left.add(messageId),
    startWorker: (instance, number) =>
      startWorker({ world, azure, onQueueChange, atCall, policy: options.policy }, instance, number),
    scheduleOf: (name, registered) => (name === 'sweep' ? plan.sweep.schedule : registered),
    isWorthRunning: (name) => {
      if (name === 'sweep') return quiet?.isSweepWorthRunning() !== false;
      return name !== 'followPolicy' || isPolicyNew(world) || areListsDue(world);
    },
    onTimerEnded: (name, how) => (name === 'sweep' ? quiet?.onSweepEnded(how) : undefined),
  });
  made.cluster = cluster;
  made.disturbances = startDisturbances(world, cluster);
  judge.onPolicy(published(plan, world.policy.version, options));
  for (let count = 0; count < plan.instances; count += 1) cluster.scaleOut();
  startAuthor(world, options);
  if (plan.upgradeAtSeconds !== undefined)
    scheduler.at(plan.upgradeAtSeconds * 1000, () => upgrade(world, cluster));
  if (plan.settingsDifferUntilSeconds !== undefined)
    scheduler.at(plan.settingsDifferUntilSeconds * 1000, () =>
      replaceAll(world, cluster, 'gives all instances the same settings'),
    );
  if (plan.actors.has('operator') || plan.faults.has('arm-refuses')) {
    startOperator(world, onQueueChange);
  }
  if (plan.governance !== undefined) {
    const onFacts = (): void => void (world.counts.facts += 1);
    startGovernance(plan.governance, { scheduler, azure, trace, onFacts });
  }
  const people = startConsole(world, cluster);
  const others = await startActors({
    plan,
    scheduler,
    azure,
    recorder,
    random: stream('actors'),
    trace,
    onFacts: () => (world.counts.facts += 1),
    onTagged: (endpointId) => judge.answers.onTagged(endpointId),
  });
  const actors = { pending: () => others.pending() + people.pending() };

  const isBroken = (): boolean => judge.violations.length > 0;
  await scheduler.run(world.disturbedUntilMs, isBroken);
  trace.note('world', 'no fault occurs any more');
  azure.faults.clear();
  azure.eventGrid.disturb({});
  if (cluster.alive.length === 0) cluster.scaleOut();
  const retryHours = plan.faults.has('arm-refuses') ? longestRetryHours : 0;
  const sweepHours = quiet === undefined ? plan.sweep.hours : Math.max(quietHours, plan.sweep.hours);
  const answerHours = plan.console === undefined ? 0 : longestAnswerHours;
  const mostHours = settleHours + retryHours + answerHours + settleSweeps * sweepHours;
  const limitMs = world.disturbedUntilMs + mostHours * hourMs;
  let left = notAtRest(world, azure, actors);
  do {
    await scheduler.run(scheduler.nowMs() + checkEveryMs, isBroken);
    left = notAtRest(world, azure, actors);
  } while (!isBroken() && left.length > 0 && scheduler.nowMs() < limitMs);
  cluster.stop();
  const [first] = left;
  if (isBroken()) return;
  if (first === undefined) judgePromptness(world);
  else
    judge.violate(
      first.law,
      `${first.what}, ${Math.round(mostHours)} hours after the last fault`,
      first.about,
    );
}

/** Judges whether every request was looked at because of its events, where these came. */
function judgePromptness({ plan, recorder, account, scheduler, judge }: RunningWorld): void {
  // Its settings may keep an instance from answering a type of target.
  if (plan.actors.has('settings')) return;
  const ledger = [...account.table('ledger').rows()].map((row) => ({
    connection: String(row['connection']),
    kind: String(row['kind']),
    atMs: Date.parse(String(row['at'])),
  }));
  const unheard = plan.connections.filter(({ isSilent }) => isSilent);
  const silent = new Set(unheard.map(({ endpointId }) => endpointId.toLowerCase()));
  const { faults } = plan;
  const { history } = recorder;
  const { standstills } = judge;
  const [late] = latecomers({ faults, silent, history, ledger, standstills, nowMs: scheduler.nowMs() });
  if (late !== undefined) judge.violate('no-sweep-needed', late.what, late.about);
}

/** Replaces version 0.1.0 by this one: all instances end, storage holds what 0.1.0 wrote, and others start. */
function upgrade(world: RunningWorld, cluster: Cluster): void {
  replaceAll(world, cluster, 'replaces version 0.1.0: storage holds what it wrote', () =>
    makeOlder(world.account, world.scheduler.nowMs()),
  );
}

/** Ends all instances, and starts as many others. */
function replaceAll(
  world: RunningWorld,
  cluster: Cluster,
  why: string,
  meanwhile = (): void => undefined,
): void {
  for (const instance of cluster.alive) instance.kill();
  world.visited.note('process ends');
  meanwhile();
  world.trace.note('operator', why);
  for (let count = 0; count < world.plan.instances; count += 1) cluster.scaleOut();
}

/** Publishes the versions of the policy at their times. */
function startAuthor(world: RunningWorld, options: SimulateOptions): void {
  const { plan, scheduler, trace, judge } = world;
  for (const { atSeconds, version } of plan.policies) {
    scheduler.at(atSeconds * 1000, () => {
      world.policy = { version, sinceMs: scheduler.nowMs() };
      world.visited.note('policy changes');
      const missed = judge.onPolicy(published(plan, version, options));
      const unread = missed === undefined ? '' : `; no worker has adopted "${missed}", which does not bind`;
      trace.note('author', `publishes the policy "${version}"${unread}`);
    });
  }
}

function published(plan: WorldPlan, version: PolicyVersion, { policy }: SimulateOptions): PublishedPolicy {
  const files = policyFiles(policy, version, plan).filter(({ path }) => isPolicyPath(path));
  return { version, digest: policyDigest(files) };
}

/** Managed lists are read again after a quarter of an hour, and at the next look after a failure. */
const listsEveryMinutes = 5;

/** Tells whether `followPolicy`, which also reads managed lists, is run for their sake. */
function areListsDue({ plan, scheduler }: RunningWorld): boolean {
  if (plan.governance === undefined) return false;
  return Math.floor(scheduler.nowMs() / 60_000) % listsEveryMinutes === 0;
}

const policyIsNewMs = 15 * 60_000;

/**
 * Tells whether the policy changed lately. `followPolicy` runs every minute and, while nothing has changed,
 * only reads two versions: a world leaves those runs out.
 */
function isPolicyNew({ scheduler, policy }: RunningWorld): boolean {
  return scheduler.nowMs() - policy.sinceMs < policyIsNewMs;
}

/** Runs `work` and returns its error, and those that nothing has caught. */
async function withFailures(work: () => Promise<void>): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  process.on('unhandledRejection', onFailure);
  try {
    await work();
  } catch (error) {
    failures.push(error);
  } finally {
    process.off('unhandledRejection', onFailure);
  }
  return failures;
}
