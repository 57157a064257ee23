import type { AuditRecord } from '../../src/audit/audit-record';
import { until } from '../../dev/lib/until';
import { askForConnection, seedTarget, type SeedType } from '../system/seed';
import { startSystem, type BenchSystem } from '../system/start-system';
import {
  armRequests,
  armRequestsOn,
  targetName,
  tokenRequests,
  type PeerSide,
  type PosternOrder,
} from './peer';

const timeoutSeconds = 600;

/** Prepares to request connections as requesters do. Event Grid notifies the app. */
export async function startPostern({ root, app, mode, types, speed }: PosternOrder): Promise<PeerSide> {
  // At real speed, each provider's own poll interval applies; otherwise the most common one.
  const floor = speed === 1 ? {} : { pollFloorSeconds: Math.max(1, 10 / speed) };
  const system = await startSystem({ root, app, ...floor, azure: { speed } });
  const { azure, host } = system;
  return {
    run: async () => {
      const asked: { readonly type: SeedType; readonly id: string }[] = [];
      for (const type of types) {
        asked.push({ type, id: await seedTarget(azure, { type, name: targetName(type, types) }) });
      }
      azure.eventGrid.subscribe({ url: host.webhook });
      azure.requests.clear();
      for (const [index, { type, id }] of asked.entries()) {
        await askForConnection(azure, id, `pe-${targetName(type, types)}`);
        if (mode === 'one at a time') await untilApplied(system, index + 1);
      }
      await untilApplied(system, asked.length);
      await untilQuiet(system);
      const spans = await spansOf(system, speed);
      return {
        connections: asked.map(({ type, id }) => {
          const { from, to } = spans.get(id) ?? { from: NaN, to: NaN };
          return { type, armRequests: armRequestsOn(azure, id), seconds: to - from };
        }),
        armRequests: armRequests(azure),
        tokenRequests: tokenRequests(azure),
        secondsInAll: lengthOf([...spans.values()]),
      };
    },
    close: () => system.close(),
  };
}

function untilApplied(system: BenchSystem, count: number): Promise<void> {
  const isApplied = async (): Promise<boolean> => (await system.applied()).length >= count;
  return until(`${count} are applied`, isApplied, { seconds: timeoutSeconds });
}

const quietSeconds = 5;

/** Waits until there are no more requests. Reactions to the approval's own events count, too. */
async function untilQuiet({ azure }: BenchSystem): Promise<void> {
  let before = -1;
  await until(
    'no more requests',
    () => {
      const now = azure.requests.records.length;
      const isQuiet = now === before;
      before = now;
      return isQuiet;
    },
    { seconds: timeoutSeconds, everyMs: quietSeconds * 1000 },
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Returns the time from Pending to the `applied` record by target, in seconds of the local Azure's clock. */
async function spansOf(system: BenchSystem, speed: number): Promise<ReadonlyMap<string, Span>> {
  const { clock, world } = system.azure;
  const [nowMs, now] = [Date.now(), clock.seconds()];
  const spanOf = ({ at, target, connection }: AuditRecord): readonly [string, Span] => {
    const connections = [...(world.targets.get(target.toLowerCase())?.connections.values() ?? [])];
    const from = connections.find(({ id }) => id === connection)?.createdAtSeconds ?? NaN;
    return [target, { from, to: now - ((nowMs - Date.parse(at)) / 1000) * speed }];
  };
  return new Map((await system.applied()).map(spanOf));
}

function lengthOf(spans: readonly Span[]): number {
  return Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from));
}
