import type { Cluster } from '../host/cluster';
import type { Instance } from '../host/instance';
import type { FaultKind } from './faults';
import { isDisturbed, type RunningWorld } from './running-world';

/** What befalls an instance at some moment. */
type Strike = (instance: Instance) => void;

/** Strikes instances at the moments at which they do something. */
export interface Disturbances {
  /** Called when a call of an instance leaves, and when its effect has happened. */
  atCall(instance: Instance): void;
}

/** The mean time between two changes of the number of instances, in seconds. */
const scaleSeconds = 1_800;
const mostInstances = 4;

/**
 * Lets instances crash, end, pause, drain and scale, as the faults of the world say. Most strikes come in the
 * middle of a call, because most of a world's time nothing is in work.
 */
export function startDisturbances(world: RunningWorld, cluster: Cluster): Disturbances {
  const random = world.stream('disturbances');
  const chance = world.plan.strikeChance;
  const strikes: readonly (readonly [FaultKind, number, Strike])[] = [
    ['workers-crash', chance, (instance) => crash(world, instance)],
    ['instances-die', chance, (instance) => die(world, cluster, instance)],
    ['instances-drain', chance, (instance) => drain(world, cluster, instance)],
    [
      'instances-pause',
      world.plan.pauseChance,
      (instance) => standStill(world, instance, 10 ** random.between(0.5, 2.8)),
    ],
  ];
  const chosen = strikes.filter(([fault]) => world.plan.faults.has(fault));
  if (world.plan.faults.has('instances-scale')) scaleLater(world, cluster);
  return {
    atCall: (instance) => {
      if (chosen.length === 0 || instance.isDead || !isDisturbed(world)) return;
      for (const [, probability, strike] of chosen) if (random.next() < probability) strike(instance);
    },
  };
}

function crash({ trace, visited }: RunningWorld, instance: Instance): void {
  visited.note('process ends');
  trace.note(instance.name, 'its worker crashes');
  instance.crashWorker();
}

function die(world: RunningWorld, cluster: Cluster, instance: Instance): void {
  world.visited.note('process ends');
  world.trace.note(instance.name, 'dies');
  instance.kill();
  replaceLater(world, cluster);
}

function drain(world: RunningWorld, cluster: Cluster, instance: Instance): void {
  if (instance.isDraining) return;
  world.trace.note(instance.name, 'is told to stop');
  instance.drain();
  replaceLater(world, cluster);
}

function standStill({ trace, scheduler }: RunningWorld, instance: Instance, seconds: number): void {
  trace.note(instance.name, `stands still for ${Math.round(seconds)} s`);
  instance.pause(scheduler.nowMs() + seconds * 1000);
}

/** Starts another instance after a while, unless there are as many as planned by then. */
function replaceLater({ scheduler, stream, plan }: RunningWorld, cluster: Cluster): void {
  const random = stream(`replacement at ${scheduler.nowMs()}`);
  scheduler.at(10 ** random.between(0, 2) * 1000, () => {
    const staying = cluster.alive.filter(({ isDraining }) => !isDraining);
    if (staying.length < plan.instances) cluster.scaleOut();
  });
}

/** Scales out and in, now and then. */
function scaleLater(world: RunningWorld, cluster: Cluster): void {
  const { scheduler, stream, trace, disturbedUntilMs } = world;
  const random = stream('scaling');
  const again = (): void => {
    scheduler.at(random.between(0, 2 * scaleSeconds) * 1000, () => {
      if (scheduler.nowMs() >= disturbedUntilMs) return;
      if (!isDisturbed(world)) return again();
      const { alive } = cluster;
      const [first] = alive;
      if (
        first === undefined ||
        alive.length === 1 ||
        (random.next() < 0.5 && alive.length < mostInstances)
      ) {
        cluster.scaleOut();
      } else {
        trace.note(first.name, 'is scaled in');
        first.drain();
      }
      again();
    });
  };
  again();
}
