import { localIdentity, type Disturbance, type FaultRule } from '../../azure';
import type { Change, LocalAzure, LocalClock, RequestRecord, RoleAssignment } from '../../azure';
import { createLocalAzureParts } from '../../azure/local-azure';
import type { Recorder } from '../../chaos/recorder';
import { eventDisturbance, faultsOf } from '../../chaos/plan/disturbances';
import { governedList } from '../../chaos/plan/governed';
import { namesIn } from '../../chaos/plan/draw-connections';
import { foreignTenants } from '../../chaos/plan/requesters';
import type { Scheduler } from '../kernel/scheduler';
import type { Random } from '../../azure/model/random';
import type { WorldPlan } from './plan';

/** Creates the local Azure's clock on virtual time. */
export function createVirtualClock(scheduler: Scheduler): LocalClock {
  const startMs = scheduler.nowMs();
  return {
    speed: 1,
    now: () => new Date(scheduler.nowMs()),
    seconds: () => (scheduler.nowMs() - startMs) / 1000,
    schedule: (afterSeconds, job) => scheduler.at(afterSeconds * 1000, job),
    sleep: (seconds) => new Promise((resolve) => void scheduler.at(seconds * 1000, resolve)),
    close: () => undefined,
  };
}

export interface AzureOrder {
  readonly plan: WorldPlan;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly roles: readonly RoleAssignment[];
  readonly recorder: Recorder;
  readonly onChange: (change: Change) => void;
  readonly onAnswered: (record: RequestRecord) => void;
  /** Delivers events to the app. Resolves to the HTTP status. */
  readonly deliver: (events: readonly unknown[]) => Promise<number>;
}

/** The role that managed lists need besides those of the deployment; see docs/policy.md. */
const readerAtGroup: RoleAssignment = {
  principal: localIdentity.objectId,
  scope: `/providers/Microsoft.Management/managementGroups/${governedList.group}`,
  actions: ['*/read'],
};

/** An answer in time never comes later than this. */
const webhookTimeoutMs = 30_000;

/** Creates the local Azure of a world, in this process and in virtual time. */
export function createWorldAzure(order: AzureOrder): LocalAzure {
  const { plan, scheduler, random, recorder } = order;
  const silent = new Set(plan.connections.filter(({ isSilent }) => isSilent).map(({ name }) => name));
  const never = new AbortController().signal;
  const azure = createLocalAzureParts({
    clock: createVirtualClock(scheduler),
    seed: plan.seed,
    roles: [...order.roles, ...(plan.governance === undefined ? [] : [readerAtGroup])],
    foreignTenants,
    // A contributor may approve again what was rejected, on every service, which is the harder case.
    world: { reviveRejectedEverywhere: true },
    onChange: (change) => {
      recorder.onChange(change);
      order.onChange(change);
    },
    onRequest: (record) => {
      recorder.onRequest(record);
      order.onAnswered(record);
    },
    graph: { lagSeconds: 60 },
    eventGrid: {
      answerTimeout: () => never,
      send: async (_url, { body = '[]' }) => {
        const events = JSON.parse(body) as readonly {
          eventType?: string;
          data?: { validationCode?: string };
        }[];
        const code = events[0]?.data?.validationCode;
        if (code !== undefined) return { status: 200, body: JSON.stringify({ validationResponse: code }) };
        if (namesIn(body).some((name) => silent.has(name))) return { status: 200, body: '' };
        const status = await Promise.race([
          travel(scheduler, random).then(() => order.deliver(events)),
          new Promise<number>((resolve) => void scheduler.at(webhookTimeoutMs, () => resolve(504))),
        ]);
        return { status, body: '' };
      },
    },
  });
  azure.eventGrid.subscribe({ url: 'https://postern.example/runtime/webhooks/eventgrid' });
  return azure;
}

/** Lets ARM err and lie, and Event Grid lose, double and delay events, whenever the plan says so. */
export function disturbAzure(
  { plan, scheduler }: Pick<AzureOrder, 'plan' | 'scheduler'>,
  azure: LocalAzure,
): void {
  const begin = (): readonly string[] => {
    azure.eventGrid.disturb(eventDisturbanceOf(plan));
    return armFaultsOf(plan).map((rule) => azure.faults.add(rule));
  };
  if (plan.spells === undefined) begin();
  if (plan.faults.has('arm-refuses')) for (const rule of refusalsOf(plan)) azure.faults.add(rule);
  for (const { fromSeconds, untilSeconds } of plan.spells ?? []) {
    scheduler.at(fromSeconds * 1000, () => {
      const ids = begin();
      scheduler.at((untilSeconds - fromSeconds) * 1000, () => {
        azure.eventGrid.disturb({});
        for (const id of ids) azure.faults.remove(id);
      });
    });
  }
}

function armFaultsOf({ faults, targets }: WorldPlan): readonly FaultRule[] {
  const lies = faults.has('arm-lies') ? 'some' : 'none';
  return faultsOf({ faults: faults.has('arm-errors'), lies, slowWrites: false }, targets);
}

function eventDisturbanceOf({ faults }: WorldPlan): Disturbance {
  const { dropProbability, duplicateProbability } = eventDisturbance;
  return {
    ...(faults.has('events-lost') ? { dropProbability } : {}),
    ...(faults.has('events-twice') ? { duplicateProbability } : {}),
    ...(faults.has('events-late') ? { delaySeconds: [0, 600] as const } : {}),
  };
}

/** Returns rules by which no write of the app to some targets succeeds. */
function refusalsOf({ refusals }: WorldPlan): readonly FaultRule[] {
  return refusals.map(({ targetId, how }) => ({
    id: `refuses-${targetId.slice(targetId.lastIndexOf('/') + 1)}`,
    method: 'PUT|PATCH|DELETE',
    principal: localIdentity.objectId,
    target: targetId,
    effect:
      how === 'at once'
        ? { kind: 'status', status: 400, code: 'BadRequest', message: 'The resource is being migrated.' }
        : { kind: 'operation-fails' },
  }));
}

function travel(scheduler: Scheduler, random: Random): Promise<void> {
  return new Promise((resolve) => void scheduler.at(random.between(5, 80), resolve));
}
