import type { AuditRecord } from '../../src/audit/audit-record';
import { targetTypes } from '../../src/connections/target-type';
import { operatorRole } from '../../src/azure/roles/role-definitions';
import { unlistedActionsOf } from '../../src/azure/roles/actions';
import { type LocalAzure, localIdentity, somebodyElse } from '../azure';
import { createLocalAzureParts } from '../azure/local-azure';
import { createVirtualClock } from '../explore/world/azure';
import { createScheduler, type Scheduler } from '../explore/kernel/scheduler';
import { createStreams } from '../explore/kernel/streams';
import { putResource } from '../lib/put-resource';
import { type EstateConnection, estatePolicy, planEstate } from './plan';
import { accessTo, startMs, startWholeApp, type WholeApp } from './whole-app';

export interface SettleOptions {
  /** Which of the three answers each type gets: see `planEstate`. */
  readonly turn: number;
  /** Default: `estatePolicy`. */
  readonly policy?: string | undefined;
  /** The longest virtual time. Default: 6. */
  readonly hours?: number | undefined;
}

/** What became of one connection. */
export interface Settled extends EstateConnection {
  /** Its status in Azure; absent if it is gone, or never was. */
  readonly status: string | undefined;
  /** The kind of the last audit record about it. */
  readonly record: string | undefined;
  readonly reason: string | undefined;
  /** The seconds from the start to that record. */
  readonly seconds: number | undefined;
  readonly isAsWanted: boolean;
}

const wanted = {
  approve: { status: 'Approved', record: 'applied' },
  reject: { status: 'Rejected', record: 'applied' },
  hold: { status: 'Pending', record: 'decided' },
} as const;

/** Lets the whole app answer one Pending connection of every type, in virtual time. */
export async function settleEstate({
  turn,
  policy = estatePolicy,
  hours = 6,
}: SettleOptions): Promise<readonly Settled[]> {
  const stream = createStreams(turn);
  const scheduler = createScheduler(startMs, stream('scheduler'));
  const made: { app?: WholeApp } = {};
  const azure = createEstateAzure(scheduler, (event) => made.app?.deliver(event) ?? Promise.resolve(false));
  const app = await startWholeApp({
    scheduler,
    policy,
    settings: { TARGET_TYPES: 'all', ARM_ENDPOINT: 'https://management.azure.com' },
    ...accessTo(azure, { scheduler, random: stream('network') }),
  });
  made.app = app;
  const plan = planEstate(turn);
  for (const each of plan) await request(azure, each);
  const settled = (): readonly Settled[] => plan.map((each) => stateOf(azure, app.records, each));
  const progress = { records: 0, isOver: false };
  await app.run(hours, () => {
    if (app.records.length === progress.records) return progress.isOver;
    progress.records = app.records.length;
    progress.isOver = settled().every(({ isAsWanted }) => isAsWanted);
    return progress.isOver;
  });
  const result = settled();
  app.close();
  return result;
}

/**
 * Creates the local Azure. The app has the role that is generated for all types; of what no role can name, a role with
 * everything stands in for what a person would assign.
 */
function createEstateAzure(scheduler: Scheduler, deliver: (event: unknown) => Promise<boolean>): LocalAzure {
  const types = targetTypes();
  const principal = localIdentity.objectId;
  const unlisted = types.filter((type) => unlistedActionsOf(type) !== undefined);
  const azure = createLocalAzureParts({
    clock: createVirtualClock(scheduler),
    roles: [
      { principal, scope: '/', ...operatorRole(types) },
      { principal, scope: '/', actions: unlisted.map((type) => `${type}/*`), notActions: [] },
    ],
    eventGrid: {
      answerTimeout: () => new AbortController().signal,
      send: async (_url, { body = '[]' }) => {
        const events = JSON.parse(body) as readonly Sent[];
        const code = events[0]?.data?.validationCode;
        if (code !== undefined) return { status: 200, body: JSON.stringify({ validationResponse: code }) };
        const done = await Promise.all(events.map(deliver));
        return { status: done.every(Boolean) ? 200 : 500, body: '' };
      },
    },
  });
  azure.eventGrid.subscribe({ url: 'https://postern.example/runtime/webhooks/eventgrid' });
  return azure;
}

interface Sent {
  readonly data?: { readonly validationCode?: string };
}

/** Creates a target, and an endpoint that asks for a connection to it. */
async function request(
  azure: LocalAzure,
  { targetId, endpointName, endpointId }: EstateConnection,
): Promise<void> {
  const apiVersion = '2024-05-01';
  const location = 'westeurope';
  await putResource(azure, somebodyElse, { id: targetId, apiVersion, body: { location, properties: {} } });
  const connection = { name: endpointName, properties: { privateLinkServiceId: targetId, groupIds: [] } };
  const subnet = { id: endpointId.replace(/privateEndpoints.*/, 'virtualNetworks/hub/subnets/endpoints') };
  await putResource(azure, somebodyElse, {
    id: endpointId,
    apiVersion,
    body: { location, properties: { subnet, manualPrivateLinkServiceConnections: [connection] } },
  });
}

function stateOf(azure: LocalAzure, records: readonly AuditRecord[], each: EstateConnection): Settled {
  const target = azure.world.targets.get(each.targetId.toLowerCase());
  const connection = [...(target?.connections.values() ?? [])][0];
  const last = records.findLast(
    ({ target: about, kind }) => about.toLowerCase() === each.targetId.toLowerCase() && kind !== 'polled',
  );
  const { status, record } = wanted[each.answer];
  const isAsWanted = connection?.status === status && last?.kind === record && last.effect === each.answer;
  return {
    ...each,
    status: connection?.status,
    record: last?.kind,
    reason: last?.reason,
    seconds: last === undefined ? undefined : Math.round((Date.parse(last.at) - startMs) / 1000),
    isAsWanted,
  };
}
