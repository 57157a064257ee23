import { join, resolve } from 'node:path';
import type { HostLogLine } from '../host/log-line';
import { runCommand } from '../lib/cli-options';
import { projectRootOf } from '../lib/project-root';
import { managedHelp, requestManaged } from './managed-requests';
import { ownConnectionHelp } from './own-connection';
import { readOptions, requireFreePorts, type StartOptions } from './options';
import { createScenario, prepareRush, type Scenario } from './scenario';
import { summaryLine, summaryTable } from './summary';
import { requirePolicy } from './require-policy';
import { startSystem, type RunningSystem } from './system';
import { createTimeline } from './timeline';
import { toolsHelp } from './tools-help';
import { seedWorld } from './world';

const root = projectRootOf(import.meta.url);
const timeoutSeconds = 150;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  await requireFreePorts(options);
  await requirePolicy(policyPathOf(options));
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let system: RunningSystem | undefined = undefined;
  const scenario = createScenario(() => {
    if (system === undefined) throw new Error('The local Azure has not started yet');
    return system.azure;
  });
  console.log('Starting Azurite, the local Azure and the app under a local Functions host …');
  system = await start(options, scenario);
  const stop = stopOnSignal(system);
  try {
    console.log(
      `Functions: ${system.host.functions.join(', ')}\nCreating sample targets and connections …\n`,
    );
    prepareRush(system.azure);
    await seedWorld(system.azure);
    await Promise.race([settled(scenario, elapsed() + timeoutSeconds, elapsed), stop.asked]);
    const results = scenario.results();
    console.log(`\n${summaryTable(results)}\n`);
    const asPlanned = results.every(({ ending, planned }) => ending === planned.ending);
    if (options.once) return await finish(system, asPlanned, summaryLine(results, elapsed()));
    console.log(ownConnectionHelp(system));
    console.log(managedHelp);
    console.log(toolsHelp(system));
    await requestManaged(system.azure);
    await stop.asked;
    await system.close();
    return 0;
  } catch (error) {
    await system.close();
    throw error;
  }
}

async function finish(system: RunningSystem, asPlanned: boolean, line: string): Promise<number> {
  await system.close();
  console.log(line);
  return asPlanned ? 0 : 1;
}

function policyPathOf(options: StartOptions): string {
  return resolve(options.policy ?? join(root, 'dev/start/policy'));
}

function start(options: StartOptions, scenario: Scenario): Promise<RunningSystem> {
  return startSystem({
    start: options,
    appDirectory: root,
    workerPath: join(root, 'dist/dev/host-worker.mjs'),
    policyPath: policyPathOf(options),
    listeners: createTimeline({
      print: (line) => console.log(line),
      color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
      onAudit: scenario.onAudit,
      onRequest: scenario.onRequest,
    }),
    onLog: printError,
  });
}

/** Prints errors from the host's log. The timeline shows everything else. */
function printError({ level, function: name, message }: Omit<HostLogLine, 'time'>): void {
  if (level === 'error' || level === 'critical') console.error(`         ${level}  ${name ?? ''} ${message}`);
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
