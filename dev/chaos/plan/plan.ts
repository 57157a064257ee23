import { createRandom, type Random } from '../../azure/model/random';
import { drawConnections, type PlannedConnection } from './draw-connections';
import { drawAnswers, type PlannedAnswer } from '../people/draw-answers';
import { drawMovers, type PlannedMove } from './movers';
import { drawPartners } from './partners';
import { drawServices } from './services';
import { drawTargets, type PlannedTarget, type TypesOfRun } from './draw-targets';

/** Everything that the seed determines. Seconds are real seconds from the start of the run. */
export interface ChaosPlan {
  readonly seed: number;
  readonly targets: readonly PlannedTarget[];
  readonly connections: readonly PlannedConnection[];
  readonly foreignActions: readonly PlannedForeignAction[];
  readonly kills: readonly PlannedKill[];
  /** What people do in the console. */
  readonly answers: readonly PlannedAnswer[];
  /** A subscription that goes to another tenant. */
  readonly move: PlannedMove;
}

/** An approval, rejection or delete by another person, or the deletion of the endpoint by its requester. */
export interface PlannedForeignAction {
  readonly atSeconds: number;
  readonly endpointId: string;
  readonly kind: 'approve' | 'reject' | 'delete' | 'leave';
}

export interface PlannedKill {
  readonly atSeconds: number;
  readonly host: 0 | 1;
}

export interface PlanOrder {
  readonly seed: number;
  readonly connections: number;
  readonly targets: number;
  /** Default: `four`. */
  readonly types?: TypesOfRun;
  /** The share of connections with a foreign action, from 0 to 1. */
  readonly foreignActionShare: number;
  /** The time between two kills; `undefined`: no kills. */
  readonly killEverySeconds: number | undefined;
  /** Whether requesters and contributors act again after Postern's answer. */
  readonly persistence: boolean;
  /** The share of held requests that people answer in the console, from 0 to 1. Default: none. */
  readonly answerShare?: number | undefined;
}

/** The share of requests that were announced, or look as if; and of those whose subscription moves. */
const partnersShare = 0.05;

/** Draws a plan. The same order gives the same plan. */
export function drawPlan(order: PlanOrder): ChaosPlan {
  const { seed } = order;
  const busySeconds = busySecondsOf(order.connections);
  const targets = drawTargets(createRandom(seed), order.targets, order.types);
  const partners = Math.ceil(order.connections * partnersShare);
  const services = order.types === undefined ? partners : 0;
  const count = order.connections - 2 * partners - services;
  const moving = drawMovers(createRandom(seed + 6), {
    first: count + partners + 1,
    count: partners,
    targets,
    busySeconds,
  });
  const drawn = [
    ...drawConnections(createRandom(seed + 1), { count, targets, busySeconds }),
    ...drawPartners(createRandom(seed + 4), { first: count + 1, count: partners, targets, busySeconds }),
    ...moving.connections,
    ...drawServices(createRandom(seed + 7), {
      first: count + 2 * partners + 1,
      count: services,
      targets,
      busySeconds,
    }),
  ];
  const connections = order.persistence
    ? drawn
    : drawn.map((each) => ({ ...each, comesBack: 0, approvedAgain: 0 }));
  return {
    seed,
    targets,
    connections,
    foreignActions: drawForeignActions(createRandom(seed + 2), connections, order.foreignActionShare),
    answers: drawAnswers(createRandom(seed + 8), { connections, share: order.answerShare ?? 0 }),
    move: moving.move,
    kills: drawKills(createRandom(seed + 3), busySeconds, order.killEverySeconds),
  };
}

/** Returns how long requests arrive and workers are killed. */
export function busySecondsOf(connections: number): number {
  return Math.max(12, connections / 8);
}

function drawForeignActions(
  random: Random,
  connections: readonly PlannedConnection[],
  share: number,
): readonly PlannedForeignAction[] {
  return connections.flatMap(({ endpointId, arrivesAtSeconds, start, requester }) => {
    const isChosen = random.next() < share;
    const atSeconds = arrivesAtSeconds + random.between(0.3, 8);
    const chance = random.next();
    const kind =
      start !== 'Pending'
        ? 'delete'
        : // A timed approval must be Postern's.
          chance < 0.35 && requester !== 'contractor'
          ? 'approve'
          : chance < 0.65
            ? 'reject'
            : chance < 0.85
              ? 'delete'
              : 'leave';
    return isChosen ? [{ atSeconds, endpointId, kind }] : [];
  });
}

function drawKills(
  random: Random,
  busySeconds: number,
  everySeconds: number | undefined,
): readonly PlannedKill[] {
  if (everySeconds === undefined) return [];
  const kills: PlannedKill[] = [];
  for (let at = everySeconds; at < busySeconds; at += everySeconds * random.between(0.6, 1.4)) {
    kills.push({ atSeconds: at, host: random.next() < 0.5 ? 0 : 1 });
  }
  return kills;
}
