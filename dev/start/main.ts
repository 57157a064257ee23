import { join, resolve } from 'node:path';
import type { HostLogLine } from '../host/log-line';
import { runCommand } from '../lib/cli-options';
import { projectRootOf } from '../lib/project-root';
import { terminalColumns } from '../lib/terminal-text';
import { curlHelp } from './help/curl-help';
import { nextSteps } from './help/next-steps';
import { toolsHelp } from './help/tools-help';
import { managedHelp, requestManaged } from './managed-requests';
import { readOptions, requireFreePorts, type StartOptions } from './options';
import { createScenario, prepareRush, type Scenario } from './scenario';
import { runSecondTerminal } from './second-terminal/commands';
import { writeRunning } from './second-terminal/running-file';
import { isGood, summaryLine, summaryTable } from './summary';
import { requirePolicy } from './require-policy';
import { runningOf, startSystem, type RunningSystem } from './system';
import { createTimeline, type Timeline } from './timeline/timeline';
import { seedWorld } from './world';

const root = projectRootOf(import.meta.url);
const shippedPolicy = join(root, 'dev/start/policy');
const timeoutSeconds = 150;
const columns = terminalColumns();
const started = performance.now();

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const text = await runSecondTerminal(args);
  if (text === undefined) return showSystem(readOptions(args));
  console.log(text);
  return 0;
}

async function showSystem(options: StartOptions): Promise<number> {
  await requireFreePorts(options);
  const policyPath = resolve(options.policy ?? shippedPolicy);
  const policyDigest = await requirePolicy(policyPath);
  const isShipped = policyPath === shippedPolicy;
  let system: RunningSystem | undefined = undefined;
  const scenario = createScenario(
    () => {
      if (system === undefined) throw new Error('The local Azure has not started yet');
      return system.azure;
    },
    { isShipped },
  );
  const timeline = createTimeline({
    print: (line) => console.log(line),
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    columns,
    verbose: options.verbose,
    policyDigest,
    onAudit: scenario.onAudit,
    onRequest: scenario.onRequest,
  });
  console.log('Starting Azurite, the local Azure and the app under a local Functions host …');
  system = await start(options, { policyPath, timeline });
  const removeFile = await writeRunning(runningOf(system));
  try {
    return await play(system, { options, scenario, timeline, isShipped });
  } finally {
    await removeFile();
    await system.close();
  }
}

interface Play {
  readonly options: StartOptions;
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly isShipped: boolean;
}

/** Plays the samples to their ends and shows the summary; without `--once`, goes on until it is stopped. */
async function play(
  system: RunningSystem,
  { options, scenario, timeline, isShipped }: Play,
): Promise<number> {
  const elapsed = (): number => (performance.now() - started) / 1000;
  const stop = stopOnSignal(system);
  if (options.verbose) console.log(`Functions: ${system.host.functions.join(', ')}`);
  console.log('Creating sample targets and connections …\n');
  if (isShipped) prepareRush(system.azure);
  await seedWorld(system.azure);
  await Promise.race([settled(scenario, elapsed() + timeoutSeconds, elapsed), stop.asked]);
  timeline.flush();
  const results = scenario.results();
  console.log(`\n${summaryTable(results, { columns, isShipped })}\n`);
  if (options.once) {
    await system.close();
    console.log(summaryLine(results, { seconds: elapsed(), isShipped }));
    return isGood(results, isShipped) ? 0 : 1;
  }
  const running = runningOf(system);
  console.log(nextSteps(running));
  if (options.verbose) console.log(`${curlHelp(running)}\n${toolsHelp(running)}`);
  console.log(managedHelp(isShipped));
  await requestManaged(system.azure);
  await stop.asked;
  return 0;
}

function start(
  options: StartOptions,
  { policyPath, timeline }: { readonly policyPath: string; readonly timeline: Timeline },
): Promise<RunningSystem> {
  return startSystem({
    start: options,
    appDirectory: root,
    workerPath: join(root, 'dist/dev/host-worker.mjs'),
    policyPath,
    listeners: timeline,
    onLog: (line) => showError(line, timeline),
  });
}

/** Shows errors from the host's log. The timeline shows everything else. */
function showError({ level, function: name, message }: Omit<HostLogLine, 'time'>, timeline: Timeline): void {
  if (level !== 'error' && level !== 'critical') return;
  timeline.onError(message, name);
}

async function settled(scenario: Scenario, until: number, elapsed: () => number): Promise<void> {
  while (!scenario.isSettled() && elapsed() < until) await new Promise((wake) => setTimeout(wake, 200));
}

/** Resolves on Ctrl-C, or when the host has ended. */
function stopOnSignal(system: RunningSystem): { readonly asked: Promise<void> } {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  void system.host.ended?.then(() => process.kill(process.pid, 'SIGTERM'));
  return { asked };
}

await runCommand(main);
