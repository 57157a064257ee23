import { localIdentity, type LocalAzure } from '../../../azure';
import { findConnectionById } from '../../../azure/model/world';
import { type ExpectedEffect, expectedEffectIn } from '../../../chaos/plan/expected-answers';
import type { PlannedConnection } from '../../../chaos/plan/draw-connections';
import type { Actors } from '../actors';
import type { RunningWorld } from '../running-world';

/** The queues of the app and of its host. */
export const queues = [
  'reviews',
  'operations',
  'outcomes',
  'reviews-poison',
  'operations-poison',
  'outcomes-poison',
];

/** Something that has not come to its end. */
export interface Unsettled {
  readonly law: 'everything-ends' | 'nothing-grows';
  readonly what: string;
  /** The name that the story follows. */
  readonly about: string;
}

/** Lists what has not come to its end: connections, operations, decisions; and then what has grown. */
export function notAtRest(world: RunningWorld, azure: LocalAzure, actors: Actors): readonly Unsettled[] {
  const left = [
    ...unsettled(world, azure),
    ...unregistered(world),
    ...(actors.pending() > 0 ? [{ what: `${actors.pending()} acts are still to come`, about: '' }] : []),
  ];
  if (left.length > 0) return left.map((each) => ({ law: 'everything-ends', ...each }));
  const growth = grown(world);
  return growth === undefined ? [] : [{ law: 'nothing-grows', what: growth, about: '' }];
}

type Left = Omit<Unsettled, 'law'>;

/** Lists what has begun and has not come to its end. */
export function unsettled(world: RunningWorld, azure: LocalAzure): readonly Left[] {
  const left = world.plan.connections.flatMap((planned) => unsettledConnection(world, azure, planned));
  const open = openRows(world);
  const running = [...azure.world.operations.values()].filter(({ state }) => state === 'InProgress');
  return [
    ...left,
    ...open,
    ...running.map(({ connectionId }) => ({
      what: 'an operation of Azure is running',
      about: nameOf(connectionId),
    })),
    ...world.judge.openDecisions(),
    ...world.judge.answers.open().map(({ what, connection }) => ({ what, about: nameOf(connection) })),
  ];
}

/** Lists the requests that Azure has not registered. */
function unregistered({ plan, recorder }: RunningWorld): readonly Left[] {
  return plan.connections
    .filter(({ endpointId, start }) => start === 'Pending' && recorder.connectionOf(endpointId) === undefined)
    .map(({ label, name }) => ({ what: `${label} was never registered`, about: name }));
}

/** Tells whether an approval of the endpoint was decided: its announcement is used up then. */
function wasUsed({ account }: RunningWorld, endpointId: string): boolean {
  return [...account.table('ledger').rows()].some(
    (row) =>
      row['kind'] === 'decided' &&
      row['effect'] === 'approve' &&
      String(row['endpoint']).toLowerCase() === endpointId.toLowerCase(),
  );
}

function unsettledConnection(
  world: RunningWorld,
  azure: LocalAzure,
  { announced, endpointId, expectedEffects, label, name }: PlannedConnection,
): readonly Left[] {
  const { recorder } = world;
  const id = recorder.connectionOf(endpointId);
  if (id === undefined) return [];
  const connection = findConnectionById(azure.world, id);
  const status = connection?.status ?? 'gone';
  const by = recorder.history.findLast(({ connectionId }) => connectionId === id)?.by;
  const wanted = wantedNow(world, { id, status, by }, expectedEffectIn(expectedEffects, status));
  const isLeft =
    wanted === 'leave' ||
    // By now its subscription has gone to another tenant.
    wanted === 'ours' ||
    wanted === 'maybe' ||
    (wanted === 'listed' && !isListed(world, endpointId)) ||
    // What ARM tells wrongly of an endpoint may use its announcement up, or outlast it: the request is then held.
    (announced !== undefined && world.plan.faults.has('arm-lies')) ||
    (wanted === 'once' && wasUsed(world, endpointId)) ||
    wanted === 'hold' ||
    (wanted === 'end' && by !== localIdentity.objectId);
  return isLeft ? [] : [{ what: `${label} is ${status}, and the policy wants ${wanted}`, about: name }];
}

/** Returns what is wanted of a connection. An approval that people gave ends when they said, and not by the table. */
function wantedNow(
  { judge, scheduler }: RunningWorld,
  { id, status, by }: { readonly id: string; readonly status: string; readonly by: string | undefined },
  usual: ExpectedEffect,
): ExpectedEffect {
  if (status !== 'Approved' || by !== localIdentity.objectId || !['end', 'leave'].includes(usual))
    return usual;
  const ends = judge.answers.endOf(id.toLowerCase());
  if (ends === undefined) return usual;
  return ends <= scheduler.nowMs() ? 'delete' : 'leave';
}

/** Tells whether the subscription of an endpoint is on the managed list in the end. */
function isListed({ plan: { governance } }: RunningWorld, endpointId: string): boolean {
  const members = governance?.groupings.at(-1)?.members ?? [];
  return members.includes(endpointId.split('/')[2] ?? '');
}

function openRows({ account }: RunningWorld): readonly Left[] {
  return [...account.table('operations').rows()].flatMap((row) => {
    const state = row['operationState'];
    if (state !== 'planned' && state !== 'running') return [];
    const about = nameOf(String(row['connectionId']));
    return [{ what: `the operation of ${about} is ${state}`, about }];
  });
}

/**
 * Tells what has grown. In the queues of a world at rest one message may be left for each target, and a few. The host
 * leaves a message in its poison queue for a person if a worker ended at each delivery: those do not count.
 */
function grown({ account, plan, left }: RunningWorld): string | undefined {
  const most = 2 * plan.targets.length + 2;
  for (const name of queues) {
    const messages = account
      .queue(name)
      .snapshot()
      .filter(({ messageId }) => !left.has(messageId));
    if (messages.length <= most) continue;
    const reasons = reasonsIn(messages.map(({ text }) => text));
    return `${messages.length} messages are left in ${name}, of ${plan.targets.length} targets: ${reasons}`;
  }
  // Learned durations have a row for each kind of write, however many connections come.
  const rows = [...account.table('operations').rows()].filter(
    ({ partitionKey }) => partitionKey !== 'durations',
  ).length;
  // What is remembered of tenants is forgotten after two days.
  const mostRows = plan.connections.length + plan.targets.length + subscriptionsOf(plan) + 8;
  return rows > mostRows ? `${rows} rows are left, of ${plan.connections.length} connections` : undefined;
}

function subscriptionsOf({ connections, targets }: RunningWorld['plan']): number {
  const ids = [...connections.map(({ endpointId }) => endpointId), ...targets.map(({ id }) => id)];
  return new Set(ids.map((id) => id.split('/')[2])).size;
}

/** Counts messages by the reason that they name, the most frequent first. */
function reasonsIn(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const json = Buffer.from(text, 'base64').toString('utf8');
    const { because = 'no reason' } = JSON.parse(json) as { because?: string };
    counts.set(because, (counts.get(because) ?? 0) + 1);
  }
  const most = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, 5);
  return most.map(([because, count]) => `${count} ${because}`).join(', ');
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
