import { setTimeout as sleep } from 'node:timers/promises';
import { somebodyElse, type StartedAzure } from '../azure';
import { createRandom } from '../azure/model/random';
import { findConnectionById, findEndpoint } from '../azure/model/world';
import { requestConnection, deleteEndpoint } from './requester';
import type { PlannedConnection } from './plan/draw-connections';
import type { ChaosPlan } from './plan/plan';
import type { Recorder } from './recorder';

/**
 * Requesters and contributors who do not accept Postern's answer. They react to what they see until they have
 * no turns left.
 */
export interface Persistent {
  /** Returns how many of them have a reason to act and have not acted yet. */
  pending(): number;
  readonly counts: { readonly cameBack: number; readonly approvedAgain: number };
  stop(): Promise<void>;
}

export interface PersistentOrder {
  readonly plan: ChaosPlan;
  readonly azure: StartedAzure;
  readonly recorder: Recorder;
}

interface Actor {
  readonly planned: PlannedConnection;
  comesBack: number;
  approvedAgain: number;
  /** True after the endpoint was created again, until its connection appears. */
  isAsking: boolean;
  /** The number of further polls with the same result before the actor acts. */
  waits: number | undefined;
}

const pollEveryMs = 250;
const maxPolls = 8;

export function startPersistent(order: PersistentOrder): Persistent {
  const random = createRandom(order.plan.seed + 4);
  const counts = { cameBack: 0, approvedAgain: 0 };
  const actors = order.plan.connections
    .filter(({ comesBack, approvedAgain }) => comesBack + approvedAgain > 0)
    .map((planned): Actor => ({
      planned,
      comesBack: planned.comesBack,
      approvedAgain: planned.approvedAgain,
      isAsking: false,
      waits: undefined,
    }));
  let isStopped = false;

  async function poll(actor: Actor): Promise<void> {
    if (isThere(order, actor.planned)) actor.isAsking = false;
    const move = moveOf(order, actor);
    if (move === undefined) {
      actor.waits = undefined;
      return;
    }
    actor.waits ??= Math.floor(random.between(0, maxPolls));
    actor.waits -= 1;
    if (actor.waits >= 0) return;
    if (move === 'come back') {
      if (!(await comeBack(order.azure, actor.planned))) return;
      actor.isAsking = true;
      actor.comesBack -= 1;
      counts.cameBack += 1;
    } else {
      const status = await approveAgain(order, actor.planned);
      // Another operation holds the target: try again.
      if (status === 409) return;
      actor.approvedAgain -= 1;
      if (status < 300) counts.approvedAgain += 1;
    }
    actor.waits = undefined;
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      for (const actor of actors) await poll(actor);
      await sleep(pollEveryMs);
    }
  }

  const running = run();
  return {
    counts,
    pending: () => actors.filter((actor) => actor.isAsking || moveOf(order, actor) !== undefined).length,
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}

/** Returns what the actor does next, if anything. */
function moveOf(
  { azure, recorder }: PersistentOrder,
  { planned, comesBack, approvedAgain, isAsking }: Actor,
): 'come back' | 'approve again' | undefined {
  const id = recorder.connectionOf(planned.endpointId);
  if (id === undefined || isAsking) return undefined;
  const connection = findConnectionById(azure.world, id);
  if (comesBack > 0 && wantsBack(planned, connection)) return 'come back';
  return approvedAgain > 0 && connection?.status === 'Rejected' ? 'approve again' : undefined;
}

/** Tells whether a requester asks again: it is gone, or tries how often its announcement counts. */
export function wantsBack(
  { requester }: PlannedConnection,
  connection: { readonly status: string } | undefined,
): boolean {
  if (connection === undefined) return true;
  return requester === 'returner' && ['Approved', 'Disconnected'].includes(connection.status);
}

function isThere({ azure, recorder }: PersistentOrder, { endpointId }: PlannedConnection): boolean {
  return findConnectionById(azure.world, recorder.connectionOf(endpointId) ?? '') !== undefined;
}

/** Creates the endpoint again with its old name and message. Returns false while the old one still exists. */
async function comeBack(azure: StartedAzure, planned: PlannedConnection): Promise<boolean> {
  const old = findEndpoint(azure.world, planned.endpointId);
  if (old !== undefined) {
    if (old.provisioningState !== 'Deleting') await deleteEndpoint(azure, planned);
    return false;
  }
  await requestConnection(azure, planned);
  return true;
}

/** Approves with the old description, so that only the status shows that it is a new approval. */
async function approveAgain(
  { azure, recorder }: PersistentOrder,
  { endpointId, message }: PlannedConnection,
): Promise<number> {
  const connectionId = recorder.connectionOf(endpointId) ?? '';
  return azure.control.actAs(somebodyElse, { connectionId, kind: 'approve', description: message });
}
