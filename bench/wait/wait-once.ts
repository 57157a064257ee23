import type { LocalAzureOptions } from '../../dev/azure';
import type { AuditRecord } from '../../src/audit/audit-record';
import { profileOf } from '../../src/connections/target-type';
import { askForConnection, seedTarget, ownStoreTypes, type OwnStoreType } from '../system/seed';
import { ownRequests } from '../system/own-requests';
import { pollTimes } from '../system/poll-times';
import { startSystem, type BenchSystem } from '../system/start-system';
import { until } from '../../dev/lib/until';

export interface Waited {
  readonly type: OwnStoreType;
  /** Seconds from the operation's end in the local Azure to the time of its `applied` record. */
  readonly lateSeconds: number;
  /** The provider's minimum interval or `Retry-After`, whichever is longer. */
  readonly requestedSeconds: number;
  /** Seconds between two polls. */
  readonly gaps: readonly number[];
  /** The number of polls, including the last one, which found the end. */
  readonly polls: number;
  /** Seconds from the operation's begin to its end in the local Azure. */
  readonly durationSeconds: number;
}

export interface WaitOrder {
  readonly root: string;
  readonly targetsPerType: number;
  /** The part of a polling interval in which operations end, from 0 to 1. */
  readonly phase: number;
  /** The speed of the local Azure's clock. */
  readonly speed: number;
}

/**
 * The minimum duration of an approval, and the interval over which its end varies, in seconds of the local
 * Azure's clock.
 */
const durations: Readonly<Record<OwnStoreType, readonly [least: number, interval: number]>> = {
  'Microsoft.KeyVault/vaults': [35, 10],
  'Microsoft.KeyVault/managedHSMs': [35, 10],
  'Microsoft.ApiManagement/service': [130, 60],
  'Microsoft.Compute/diskAccesses': [30, 10],
};

/** Starts approvals on all types at once. Resolves when all are applied. */
export async function waitOnce(order: WaitOrder): Promise<readonly Waited[]> {
  const { root, targetsPerType, speed } = order;
  const floor = speed === 1 ? {} : { pollFloorSeconds: floorOf('Microsoft.KeyVault/vaults', speed) };
  const system = await startSystem({ root, ...floor, azure: azureWith(order) });
  try {
    const { azure, host } = system;
    azure.eventGrid.subscribe({ url: host.webhook });
    const targets: { readonly type: OwnStoreType; readonly id: string }[] = [];
    for (const type of ownStoreTypes) {
      for (let index = 0; index < targetsPerType; index += 1) {
        const name = `wait-${targets.length}`;
        const id = await seedTarget(azure, { type, name });
        targets.push({ type, id });
        await askForConnection(azure, id, `pe-${name}`);
      }
    }
    let applied: readonly AuditRecord[] = [];
    await until(
      'everything is applied',
      async () => {
        applied = await system.applied();
        return applied.length === targets.length;
      },
      { seconds: 600 },
    );
    return targets.map(({ type, id }) => waitedFor(system, { type, speed }, recordOf(applied, id)));
  } finally {
    await system.close();
  }
}

/** Returns the minimum interval: each provider's own at real speed, otherwise Key Vault's for all. */
function floorOf(type: OwnStoreType, speed: number): number {
  const { pollFloorSeconds } = profileOf(speed === 1 ? type : 'Microsoft.KeyVault/vaults');
  return Math.max(1, pollFloorSeconds / speed);
}

function azureWith({ phase, speed }: WaitOrder): LocalAzureOptions {
  const timings = Object.entries(durations).map(([type, [least, interval]]) => [
    type,
    { approveSeconds: least + interval * phase },
  ]);
  return { speed, timings: Object.fromEntries(timings) as LocalAzureOptions['timings'] };
}

function recordOf(applied: readonly AuditRecord[], targetId: string): AuditRecord {
  const record = applied.find(({ target }) => target === targetId);
  if (record === undefined) throw new Error(`Nothing was applied on ${targetId}`);
  return record;
}

function waitedFor(
  { azure }: BenchSystem,
  { type, speed }: { readonly type: OwnStoreType; readonly speed: number },
  record: AuditRecord,
): Waited {
  const { world } = azure;
  const operation = [...world.operations.values()].find(({ targetId }) => targetId === record.target);
  const target = world.targets.get(record.target.toLowerCase());
  if (operation?.endedAt === undefined || target === undefined) throw new Error('The operation has no end');
  const { retryAfterSeconds = 0 } = target.profile.timings;
  const polls = pollsOf(azure, record.target);
  return {
    type,
    lateSeconds: (Date.parse(record.at) - operation.endedAt.getTime()) / 1000,
    requestedSeconds: Math.max(floorOf(type, speed), Math.ceil(retryAfterSeconds / speed)),
    gaps: gapsOf(polls),
    polls: polls.length,
    durationSeconds: (operation.endedAt.getTime() - operation.startedAt.getTime()) / 1000,
  };
}

/** Returns whether a request belongs to a review of the target, which an event may cause meanwhile. */
function isReview(targetId: string, path: string): boolean {
  const [asked = ''] = path.toLowerCase().split('?');
  return [targetId, `${targetId}/privateEndpointConnections`].some((id) => id.toLowerCase() === asked);
}

/** Returns when each poll began, in milliseconds since 1970. */
function pollsOf({ requests }: BenchSystem['azure'], targetId: string): readonly number[] {
  const ours = ownRequests(requests.records).filter(({ target }) => target === targetId);
  return pollTimes(ours.filter(({ path }) => !isReview(targetId, path)));
}

function gapsOf(polls: readonly number[]): readonly number[] {
  return polls.slice(1).map((time, index) => (time - (polls[index] ?? NaN)) / 1000);
}
