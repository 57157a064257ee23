import { createApp } from '../../../../src/app';
import type { Clock } from '../../../../src/base/clock';
import { readConfig } from '../../../../src/config/config';
import type { Platform } from '../../../../src/platform';
import { localIdentity, type LocalAzure, type LocalRequest } from '../../../azure';
import type { Instance } from '../../host/instance';
import type { Worker } from '../../host/worker';
import type { Owner, Scheduler } from '../../kernel/scheduler';
import { createSimulatedClients } from '../../storage/clients';
import { createArmHttpClient } from './arm-network';
import { createStorageNetwork } from './network';
import { policyFiles } from '../policies';
import { isAway, isDisturbed, type RunningWorld } from '../running-world';
import { ownSettingsOf, settingsOf } from './settings';

export interface WorkerParts {
  readonly world: RunningWorld;
  readonly azure: LocalAzure;
  readonly onQueueChange: (queue: string) => void;
  /** Called when a call of an instance leaves, and when its effect has happened. */
  readonly atCall: (instance: Instance) => void;
  /** The text of the policy of `npm run chaos`. */
  readonly policy: string;
}

/** Starts a worker process with the whole app in it: only time, chance and the network are simulated. */
export function startWorker(parts: WorkerParts, instance: Instance, number: number): Worker {
  const { world } = parts;
  const worker = {
    name: `${instance.name}.${number}`,
    isDead: false,
    awayUntilMs: instance.awayUntilMs,
  };
  const settings = settingsOf(world, instance.name);
  const own = ownSettingsOf(settings);
  if (own !== '') world.trace.note(worker.name, `starts with ${own}`);
  if (settings['POLICY_MODE'] === 'audit') world.judge.onAuditOnly(worker.name);
  const platform = platformOf(parts, worker, () => parts.atCall(instance));
  const app = createApp({
    directory: () => '/',
    readSettings: () => readConfig(settings),
    createPlatform: () => platform,
  });
  return Object.assign(worker, { app });
}

function platformOf(
  { world, azure, onQueueChange, policy }: WorkerParts,
  worker: Omit<Worker, 'app'>,
  atCall: () => void,
): Platform {
  const { scheduler, stream, trace, plan, judge, account } = world;
  const random = stream(worker.name);
  const pause = (low: number, high: number): Promise<void> =>
    new Promise((resolve) => void scheduler.at(random.between(low, high), resolve, worker));
  const skewMs = plan.faults.has('clocks-differ') ? Math.round(random.between(-3_000, 3_000)) : 0;
  const clock = clockOf(scheduler, worker, skewMs);
  const shared = {
    atCall,
    scheduler,
    random,
    trace,
    faults: plan.faults,
    isDisturbed: () => isDisturbed(world),
  };
  const call = createStorageNetwork(
    { ...shared, isStorageAway: () => isAway(world, 'storage'), onQueueChange },
    worker,
  );
  const chance = { uuid: () => random.guid() };
  return {
    clock,
    chance,
    credential: {
      getToken: async (scope) => {
        await pause(5, 50);
        const order = { principal: localIdentity, audience: new URL(String(scope)).origin };
        const { token, expiresAt } = azure.tokens.issue(order);
        return { token, expiresOnTimestamp: expiresAt.getTime() };
      },
    },
    storage: createSimulatedClients({ account, clock, call }),
    policy: {
      version: async () => {
        await pause(2, 20);
        return `${world.policy.version} ${world.policy.sinceMs}`;
      },
      read: async () => {
        const files = policyFiles(policy, world.policy.version, plan);
        await pause(5, 40);
        return files;
      },
    },
    telemetry: { emit: () => undefined, flush: async () => undefined },
    httpClient: createArmHttpClient(
      {
        ...shared,
        isArmAway: () => isAway(world, 'arm'),
        router: azure.router,
        onSent: (name, request) => {
          if (request.method === 'PUT' || request.method === 'DELETE')
            trace.note(name, `sends ${labelOf(request)}`);
          judge.onSent(name, request);
        },
        onRequest: (name, request) => {
          trace.note(name, labelOf(request));
          judge.onArrived(request);
        },
        onReply: (name, request, reply) => {
          const status = reply.kind === 'reset' ? 'reset' : reply.status;
          trace.note(name, `${labelOf(request)}: ${status}`);
          judge.onReply(name, request, reply);
        },
      },
      worker,
    ),
  };
}

function clockOf(scheduler: Scheduler, owner: Owner, skewMs: number): Clock {
  return {
    now: () => new Date(Math.floor(scheduler.nowMs() + skewMs)),
    monotonicMs: () => scheduler.nowMs(),
    after: (ms, job) => scheduler.at(ms, job, owner),
  };
}

/** Returns the method and the end of the path. */
function labelOf({ method, url }: LocalRequest): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  let start = path.length;
  for (let parts = 0; parts < 3 && start > 0; parts += 1) start = path.lastIndexOf('/', start - 1);
  return `${method} ${path.slice(start + 1)}`;
}
