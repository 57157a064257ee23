import { somebodyElse, type LocalAzure } from '../../azure';
import { findConnectionById, findEndpoint } from '../../azure/model/world';
import type { Random } from '../../azure/model/random';
import { wantsBack } from '../../chaos/persistent';
import { deleteEndpoint, requestConnection } from '../../chaos/requester';
import type { PlannedConnection } from '../../chaos/plan/draw-connections';
import type { Recorder } from '../../chaos/recorder';
import { strangersTenantId } from '../../chaos/plan/requesters';
import { putResource } from '../../lib/put-resource';
import type { Scheduler } from '../kernel/scheduler';
import type { Trace } from '../kernel/trace';
import type { PlannedAct, WorldPlan } from './plan';

export interface ActorParts {
  readonly plan: WorldPlan;
  readonly scheduler: Scheduler;
  readonly azure: LocalAzure;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly trace: Trace;
  /** Called when ARM shows other facts than before. */
  readonly onFacts: () => void;
  /** Called when an endpoint got other tags. */
  readonly onTagged: (endpointId: string) => void;
}

/** What the actors still have to do. */
export interface Actors {
  /** How many acts are still to come. */
  pending(): number;
}

const patience = 15;

/** Makes the targets, and lets requesters, people and insisters act at their times. */
export async function startActors(parts: ActorParts): Promise<Actors> {
  const { plan, azure, recorder, scheduler } = parts;
  for (const { id, apiVersion, tags } of plan.targets) {
    await putResource(azure, somebodyElse, {
      id,
      apiVersion,
      body: { location: 'westeurope', tags, properties: {} },
    });
  }
  for (const { targetId, endpointId, name, start: status, message: description } of plan.connections) {
    if (status === 'Pending') continue;
    const connectionId = azure.control.seed({
      targetId,
      endpointId,
      connectionName: name,
      status,
      description,
    });
    recorder.onSeeded({ connectionId, endpointId, status });
  }
  let left = 0;
  const later = (seconds: number, work: () => Promise<void>): void => {
    left += 1;
    scheduler.at(seconds * 1000, () => void work().finally(() => (left -= 1)));
  };
  for (const planned of plan.connections) {
    if (planned.start === 'Pending') later(planned.arrivesAtSeconds, () => ask(parts, planned));
  }
  for (const act of plan.acts) later(act.atSeconds, () => perform(parts, act));
  const { move } = plan;
  if (move !== undefined) {
    later(move.atSeconds, async () => {
      parts.trace.note('somebody', `moves ${move.subscriptions.join(', ')} to another tenant`);
      azure.tenants.assign(strangersTenantId, move.subscriptions);
      parts.onFacts();
    });
  }
  const insisters = plan.connections
    .filter(({ comesBack, approvedAgain }) => comesBack + approvedAgain > 0)
    .map((planned) => new Insister(parts, planned));
  return { pending: () => left + insisters.filter(({ isRestless }) => isRestless).length };
}

async function ask({ azure, trace }: ActorParts, planned: PlannedConnection): Promise<void> {
  trace.note(`requester of ${planned.name}`, `asks ${planned.label}`, planned.name);
  await requestConnection(azure, planned);
}

/** A person who gets 409 tries again, and gives up after a while. */
async function perform(parts: ActorParts, { endpointId, kind }: PlannedAct): Promise<void> {
  const { plan, azure, recorder, scheduler, trace } = parts;
  const planned = plan.connections.find((each) => each.endpointId === endpointId);
  for (let tries = 0; planned !== undefined && tries < patience; tries += 1) {
    const connectionId = recorder.connectionOf(endpointId);
    const status =
      connectionId === undefined
        ? undefined
        : kind === 'tag'
          ? await tag(parts, planned)
          : kind === 'leave'
            ? await deleteEndpoint(azure, planned)
            : await azure.control.actAs(somebodyElse, { connectionId, kind });
    if (status !== undefined && status !== 409) {
      trace.note('somebody', `${kind}s ${planned.label}: ${status}`, planned.name);
      return;
    }
    await new Promise<void>((resolve) => void scheduler.at(20_000, resolve));
  }
}

/** Gives an endpoint other tags, if it is there. Returns the status. */
async function tag({ azure, onTagged }: ActorParts, planned: PlannedConnection): Promise<number> {
  const endpoint = findEndpoint(azure.world, planned.endpointId);
  if (endpoint === undefined || endpoint.provisioningState === 'Deleting') return 404;
  await requestConnection(azure, { ...planned, tags: { ...planned.tags, quarantine: 'for good' } });
  onTagged(planned.endpointId);
  return 200;
}

/** How often an insister looks, in seconds. */
const looks: readonly [number, number] = [20, 900];

/** A requester who comes back, or a contributor who approves again. */
class Insister {
  #comesBack: number;
  #approvedAgain: number;
  /** When it asked again, until the new connection has been there. */
  #askedMs: number | undefined;

  constructor(
    private readonly parts: ActorParts,
    private readonly planned: PlannedConnection,
  ) {
    this.#comesBack = planned.comesBack;
    this.#approvedAgain = planned.approvedAgain;
    this.#lookLater();
  }

  /** Whether there is a reason to act, now. */
  get isRestless(): boolean {
    const move = this.#move();
    return this.#askedMs !== undefined || move !== undefined;
  }

  #lookLater(): void {
    if (this.#comesBack + this.#approvedAgain <= 0) return;
    const { scheduler, random } = this.parts;
    scheduler.at(random.between(...looks) * 1000, () => void this.#look().finally(() => this.#lookLater()));
  }

  #move(): 'come back' | 'approve again' | undefined {
    const { recorder, azure } = this.parts;
    const id = recorder.connectionOf(this.planned.endpointId);
    if (id === undefined) return undefined;
    const connection = findConnectionById(azure.world, id);
    const { endpointId } = this.planned;
    const last = recorder.history.findLast(
      (entry) => entry.endpointId.toLowerCase() === endpointId.toLowerCase(),
    );
    if (last !== undefined && last.atMs > (this.#askedMs ?? Infinity)) this.#askedMs = undefined;
    if (this.#askedMs !== undefined) return undefined;
    if (this.#comesBack > 0 && wantsBack(this.planned, connection)) return 'come back';
    return this.#approvedAgain > 0 && connection?.status === 'Rejected' ? 'approve again' : undefined;
  }

  async #look(): Promise<void> {
    const { azure, trace, recorder } = this.parts;
    const { endpointId, name, label, message } = this.planned;
    const move = this.#move();
    if (move === 'come back') {
      const old = findEndpoint(azure.world, endpointId);
      if (old !== undefined) {
        if (old.provisioningState !== 'Deleting') await deleteEndpoint(azure, this.planned);
        return;
      }
      trace.note(`requester of ${name}`, `comes back to ${label}`, name);
      await requestConnection(azure, this.planned);
      this.#askedMs = this.parts.scheduler.nowMs();
      this.#comesBack -= 1;
    } else if (move === 'approve again') {
      // With the old description, so that only the status shows that it is a new approval.
      const connectionId = recorder.connectionOf(endpointId) ?? '';
      const status = await azure.control.actAs(somebodyElse, {
        connectionId,
        kind: 'approve',
        description: message,
      });
      trace.note('a contributor', `approves ${label} again: ${status}`, name);
      if (status !== 409) this.#approvedAgain -= 1;
    }
  }
}
