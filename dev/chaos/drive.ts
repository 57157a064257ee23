import { setTimeout as sleep } from 'node:timers/promises';
import { localTenantId, somebodyElse, type StartedAzure } from '../azure';
import { eventsOf } from '../azure/events/event-payloads';
import { findEndpoint } from '../azure/model/world';
import type { RunningHost } from '../host/start-host';
import { putResource } from '../lib/put-resource';
import { requestConnection, deleteEndpoint } from './requester';
import type { PlannedConnection } from './plan/draw-connections';
import type { ChaosPlan, PlannedForeignAction } from './plan/plan';
import { strangersTenantId } from './plan/requesters';
import type { Recorder } from './recorder';

export interface Drive {
  readonly plan: ChaosPlan;
  readonly azure: StartedAzure;
  readonly hosts: readonly RunningHost[];
  readonly recorder: Recorder;
}

export interface Driven {
  /** The times at which workers were killed, in milliseconds since 1970. */
  readonly kills: number[];
  /** When a subscription went to another tenant, in milliseconds since 1970. */
  movedMs: number | undefined;
  early: number;
  /** The number of foreign actions that Azure accepted. */
  foreignActions: number;
}

/** Carries out the plan at its times. Resolves when all of it is done. */
export async function drive(order: Drive): Promise<Driven> {
  const { plan, azure, recorder } = order;
  const driven: Driven = { kills: [], movedMs: undefined, early: 0, foreignActions: 0 };
  for (const { id, apiVersion, tags } of plan.targets) {
    const body = { location: 'westeurope', tags, properties: {} };
    await putResource(azure, somebodyElse, { id, apiVersion, body });
  }
  for (const connection of plan.connections)
    if (connection.start !== 'Pending') seedConnection(azure, recorder, connection);
  const startedMs = performance.now();
  const at: At = async (seconds, work) => {
    await sleep(Math.max(0, startedMs + seconds * 1000 - performance.now()));
    await work();
  };
  await Promise.all([
    ...plan.connections
      .filter(({ start }) => start === 'Pending')
      .map((connection) =>
        at(connection.arrivesAtSeconds, async () => {
          await requestConnection(azure, connection);
          if (connection.isAnnouncedEarly && announce(azure, connection)) driven.early += 1;
        }),
      ),
    ...plan.foreignActions.map((action) =>
      at(action.atSeconds, async () => {
        if (await perform(order, action)) driven.foreignActions += 1;
      }),
    ),
    at(plan.move.atSeconds, () => {
      azure.tenants.assign(strangersTenantId, plan.move.subscriptions);
      driven.movedMs = Date.now();
    }),
    killInTurn(order, at, driven),
  ]);
  return driven;
}

/**
 * Kills workers one after another, each once it has had time to work. On a busy machine that is later than
 * planned.
 */
async function killInTurn({ plan, hosts }: Drive, at: At, driven: Driven): Promise<void> {
  const killed = new Set<number>();
  for (const { atSeconds, host: index } of plan.kills) {
    const host = hosts[index];
    await at(atSeconds, async () => {
      for (let checks = 0; checks < 100 && killed.has(host?.pid ?? 0); checks += 1) await sleep(200);
      await sleep(leastLifeMs);
      killed.add(host?.pid ?? 0);
      host?.kill('SIGKILL');
      driven.kills.push(Date.now());
    });
  }
}

const leastLifeMs = 800;

/** Does some work a number of seconds after the start, or at once if that time is over. */
type At = (seconds: number, work: () => Promise<void> | void) => Promise<void>;

function seedConnection(azure: StartedAzure, recorder: Recorder, planned: PlannedConnection): void {
  const { targetId, endpointId, name, start: status, message: description } = planned;
  const connectionId = azure.control.seed({
    targetId,
    endpointId,
    connectionName: name,
    status,
    description,
  });
  recorder.onSeeded({ connectionId, endpointId, status });
}

/** Publishes an event for an endpoint whose connection does not exist yet. */
function announce(azure: StartedAzure, { endpointId }: PlannedConnection): boolean {
  const endpoint = findEndpoint(azure.world, endpointId);
  if (endpoint === undefined) return false;
  const change = { kind: 'endpoint-written', endpoint, actor: somebodyElse } as const;
  for (const event of eventsOf(azure.world, change, localTenantId)) azure.eventGrid.publish(event);
  return true;
}

const maxForeignTries = 15;

/**
 * Performs a foreign action. A person who gets 409 tries again, and gives up after a while if the connection
 * does not exist.
 */
async function perform(
  { plan, azure, recorder }: Drive,
  { endpointId, kind }: PlannedForeignAction,
): Promise<boolean> {
  const planned = plan.connections.find((each) => each.endpointId === endpointId);
  for (let tries = 0; planned !== undefined && tries < maxForeignTries; tries += 1) {
    const status = await tryOnce(azure, recorder.connectionOf(endpointId), planned, kind);
    if (status !== undefined && status !== 409) return status < 300;
    await sleep(400);
  }
  return false;
}

async function tryOnce(
  azure: StartedAzure,
  connectionId: string | undefined,
  planned: PlannedConnection,
  kind: PlannedForeignAction['kind'],
): Promise<number | undefined> {
  if (connectionId === undefined) return undefined;
  if (kind !== 'leave') return azure.control.actAs(somebodyElse, { connectionId, kind });
  return deleteEndpoint(azure, planned);
}
