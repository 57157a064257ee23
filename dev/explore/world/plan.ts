import type { Random } from '../../azure/model/random';
import { drawConnections, type PlannedConnection } from '../../chaos/plan/draw-connections';
import { drawGoverned, type PlannedGovernance } from '../../chaos/plan/governed';
import { drawMovers, type PlannedMove } from '../../chaos/plan/movers';
import { drawPartners } from '../../chaos/plan/partners';
import { drawServices } from '../../chaos/plan/services';
import { drawTargets, type PlannedTarget } from '../../chaos/plan/draw-targets';
import { createStreams } from '../kernel/streams';
import { drawConsole, type PlannedAnswer, type PlannedConsole } from './console/draw-answers';
import { drawHeld, freezeSome } from './console/draw-held';
import { drawFaults, type FaultKind, type FaultSet } from './faults';
import type { PolicyLimits } from './policies';
import { policyVersions, type PolicyVersion } from './policy-version';

/** Who acts in a world besides Postern and the first requests. */
export const actorKinds = [
  /** People who approve, reject and delete, and requesters who leave. */
  'people',
  /** Requesters who come back, and contributors who approve again. */
  'insisters',
  /** An author who changes the policy. */
  'author',
  /** An operator who lifts limits. */
  'operator',
  /** A topic that takes outcome events. */
  'topic',
  /** Requesters whose requests are announced, and some that look as if. */
  'partners',
  /** Requesters whose subscription goes to another tenant. */
  'movers',
  /** An operator who replaces version 0.1.0 by this one. */
  'upgrade',
  /** Services of Microsoft that ask for us and for others, and strangers who copy them. */
  'services',
  /** Somebody who moves subscriptions between management groups, of which one makes a managed list. */
  'governance',
  /** An operator who gives instances one after another other settings, and all of them the same in the end. */
  'settings',
  /** People who answer in the console what the policy holds, and an operator who uses it. */
  'answerers',
] as const;
export type ActorKind = (typeof actorKinds)[number];

/** What a world is asked to be, besides its seed. What is absent is drawn. */
export interface WorldShape {
  readonly connections?: number | undefined;
  readonly hours?: number | undefined;
  readonly faults?: readonly FaultKind[] | undefined;
  readonly actors?: readonly ActorKind[] | undefined;
  /** The names of the endpoints whose requests are made; all others are left out. */
  readonly only?: readonly string[] | undefined;
  readonly instances?: number | undefined;
  /** The mean number of connections of a target. */
  readonly perTarget?: number | undefined;
  /** The hours between two sweeps: 0.25, 1 or 4. */
  readonly sweepHours?: number | undefined;
  /** The probability that a process ends, at each moment at which it does something. */
  readonly strikeChance?: number | undefined;
  /** Whether people act often and at any time, and not only around the first answers. */
  readonly lateActs?: boolean | undefined;
  /** The writes of one kind that the policy allows in an hour. */
  readonly perHour?: number | undefined;
  /** The spells in which faults occur, with quiet hours between them; 0: faults occur all the time. */
  readonly spells?: number | undefined;
}

/** Everything that a seed determines before the world begins. Times are seconds from its start. */
export interface WorldPlan {
  readonly seed: number;
  readonly spanSeconds: number;
  /** When faults occur; `undefined`: until the end of the span. */
  readonly spells: readonly Spell[] | undefined;
  readonly instances: number;
  readonly faults: FaultSet;
  readonly actors: ReadonlySet<ActorKind>;
  readonly targets: readonly PlannedTarget[];
  readonly connections: readonly PlannedConnection[];
  readonly acts: readonly PlannedAct[];
  readonly policies: readonly { readonly atSeconds: number; readonly version: PolicyVersion }[];
  /** A subscription that goes to another tenant; absent: none does. */
  readonly move: PlannedMove | undefined;
  /** What becomes of the managed list; absent: the policy has none. */
  readonly governance: PlannedGovernance | undefined;
  /** Who answers what in the console; absent: there is no console. */
  readonly console: PlannedConsole | undefined;
  readonly limits: PolicyLimits;
  readonly sweep: { readonly schedule: string; readonly hours: number };
  /** When version 0.1.0 is replaced by this one; absent: the world begins with this one. */
  readonly upgradeAtSeconds: number | undefined;
  /** Until when instances have settings of their own; absent: all have the same from the beginning. */
  readonly settingsDifferUntilSeconds: number | undefined;
  /** The targets that refuse every write until the last fault, and how. */
  readonly refusals: readonly Refusal[];
  /** The probability that a process ends, at each moment at which it does something. */
  readonly strikeChance: number;
  /** The probability that an instance stands still, at each moment at which it does something. */
  readonly pauseChance: number;
  /** Times at which storage or ARM is away. */
  readonly outages: readonly Outage[];
}

export interface PlannedAct {
  readonly atSeconds: number;
  readonly endpointId: string;
  /** `leave`: deletes the endpoint. `tag`: gives it other tags, about which the policy says the same. */
  readonly kind: 'approve' | 'reject' | 'delete' | 'leave' | 'tag';
}

/** A target on which no write succeeds: ARM refuses it, or takes it and its operation fails. */
export interface Refusal {
  readonly targetId: string;
  readonly how: 'at once' | 'by its operation';
}

export interface Spell {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

export interface Outage extends Spell {
  readonly of: 'storage' | 'arm';
}

/** Most worlds are small: many of them find more than a few large ones. */
const sizes = [1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20];
const spans = [0.25, 0.5, 0.5, 1, 1, 1, 2, 2, 4, 8];
const pauseChances = [0.002, 0.002, 0.01];
/** More would leave no message deliverable. */
const usualStrikeChance = 0.002;
/** Writes of one kind that a world with tight limits allows in an hour. */
const tightLimits = [1, 2, 4];
/** Schedules of the sweep, and the hours between two of them. */
const sweepSchedules = [
  { schedule: '0 */5 * * * *', hours: 1 / 12 },
  { schedule: '0 */15 * * * *', hours: 1 / 4 },
  { schedule: '0 */15 * * * *', hours: 1 / 4 },
  { schedule: '0 0 * * * *', hours: 1 },
  { schedule: '0 0 */4 * * *', hours: 4 },
] as const;

/** Draws a world. The same seed and shape give the same world. */
export function drawWorld(seed: number, shape: WorldShape = {}): WorldPlan {
  const stream = createStreams(seed);
  const random = stream('shape');
  const drawn = {
    count: pick(random, sizes),
    hours: pick(random, spans),
    instances: 1 + Math.floor(random.next() * 3),
    faults: drawFaults(random, stream('faults added later')),
    actors: drawActors(random, stream('who')),
    perTarget: random.between(1, 8),
    isTight: random.next() < 0.4,
    tight: pick(random, tightLimits),
    pauseChance: pick(random, pauseChances),
    /** All requests come within minutes, or over the whole time. */
    isBurst: random.next() < 0.5,
    perHour: 1 + Math.floor(random.next() * 3),
    sweep: sweepSchedules[Math.floor(random.next() * sweepSchedules.length)] ?? sweepSchedules[1],
  };
  const count = shape.connections ?? drawn.count;
  const spanSeconds = (shape.hours ?? drawn.hours) * 3600;
  const actors = shape.actors === undefined ? drawn.actors : new Set(shape.actors);
  const busySeconds = drawn.isBurst ? Math.min(spanSeconds, 300) : spanSeconds;
  const drawnTargets = drawTargets(
    stream('targets'),
    Math.max(1, Math.ceil(count / (shape.perTarget ?? drawn.perTarget))),
  );
  const targets = actors.has('answerers') ? freezeSome(stream('frozen'), drawnTargets) : drawnTargets;
  const held = actors.has('answerers')
    ? drawHeld(stream('held'), {
        first: count + 4 * mostPartners + 1,
        count: 1 + Math.floor(stream('held count').next() * mostHeld),
        targets,
        busySeconds,
      })
    : [];
  const moving = actors.has('movers')
    ? drawMovers(stream('movers'), {
        first: count + mostPartners + 1,
        count: 1 + Math.floor(stream('mover count').next() * 3),
        targets,
        busySeconds: spanSeconds,
      })
    : undefined;
  const governing = actors.has('governance')
    ? drawGoverned(stream('governed'), {
        first: count + 3 * mostPartners + 1,
        count: 1 + Math.floor(stream('governed count').next() * mostPartners),
        targets,
        busySeconds: spanSeconds,
      })
    : undefined;
  const all = [
    ...drawConnections(stream('connections'), { count, targets, busySeconds }),
    ...(actors.has('partners')
      ? drawPartners(stream('partners'), {
          first: count + 1,
          count: 1 + Math.floor(stream('partner count').next() * mostPartners),
          targets,
          busySeconds,
        })
      : []),
    ...(moving?.connections ?? []),
    ...(actors.has('services')
      ? drawServices(stream('services'), {
          first: count + 2 * mostPartners + 1,
          count: 1 + Math.floor(stream('service count').next() * mostPartners),
          targets,
          busySeconds,
        })
      : []),
    ...(governing?.connections ?? []),
    ...held,
  ];
  const kept = all.filter(({ name }) => shape.only?.includes(name) !== false);
  const connections = actors.has('insisters')
    ? kept
    : kept.map((each) => ({
        ...each,
        comesBack: held.includes(each) ? each.comesBack : 0,
        approvedAgain: 0,
      }));
  const upgradeAtSeconds = actors.has('upgrade') ? stream('upgrade').between(0, spanSeconds) : undefined;
  const console = actors.has('answerers')
    ? drawConsole(stream('answers'), {
        connections: all,
        kept: new Set(kept.map(({ name }) => name)),
        fromSeconds: upgradeAtSeconds ?? 0,
        spanSeconds,
      })
    : undefined;
  return {
    seed,
    spanSeconds,
    spells: drawSpells(stream('spells'), spanSeconds, shape.spells, drawn.isBurst),
    instances: shape.instances ?? drawn.instances,
    faults: shape.faults === undefined ? drawn.faults : new Set(shape.faults),
    actors,
    targets,
    connections,
    acts: [
      ...(actors.has('people')
        ? drawActs(stream('acts'), all, kept, shape.lateActs === true ? spanSeconds : undefined)
        : []),
      ...drawLeaving(stream('leaving'), held, { kept, spanSeconds, answers: console?.answers ?? [] }),
    ],
    policies: actors.has('author') ? drawPolicies(stream('policies'), spanSeconds) : [],
    move: moving?.move,
    governance: governing?.governance,
    console,
    limits: limitsOf(shape.perHour ?? (drawn.isTight && actors.has('operator') ? drawn.tight : undefined)),
    sweep: sweepSchedules.find(({ hours }) => hours === shape.sweepHours) ?? drawn.sweep,
    upgradeAtSeconds,
    settingsDifferUntilSeconds: actors.has('settings')
      ? stream('settings').between(0.3 * spanSeconds, spanSeconds)
      : undefined,
    refusals: drawRefusals(stream('refusals'), targets),
    strikeChance: shape.strikeChance ?? usualStrikeChance,
    pauseChance: drawn.pauseChance,
    outages: drawOutages(stream('outages'), spanSeconds),
  };
}

const mostPartners = 3;
const mostHeld = 4;

function limitsOf(perHour: number | undefined): PolicyLimits {
  return perHour === undefined
    ? { perHour: 500, perReview: 50 }
    : { perHour, perReview: Math.ceil(perHour / 2) };
}

function drawRefusals(random: Random, targets: readonly PlannedTarget[]): readonly Refusal[] {
  return targets.flatMap(({ id: targetId }): readonly Refusal[] => {
    const drawn = random.next();
    if (drawn < 0.25) return [{ targetId, how: 'at once' }];
    return drawn < 0.5 ? [{ targetId, how: 'by its operation' }] : [];
  });
}

/** Draws who acts. Those of `later` came last, and leave what `random` draws as it was. */
function drawActors(random: Random, later: Random): ReadonlySet<ActorKind> {
  return new Set(
    actorKinds.filter((kind) => {
      if (kind === 'partners' || kind === 'movers') return later.next() < 0.4;
      if (kind === 'services' || kind === 'governance' || kind === 'settings') return later.next() < 0.15;
      if (kind === 'answerers') return later.next() < 0.3;
      return kind === 'upgrade' ? later.next() < 0.1 : random.next() < 0.5;
    }),
  );
}

function pick(random: Random, among: readonly number[]): number {
  return among[Math.floor(random.next() * among.length)] ?? 1;
}

function drawActs(
  random: Random,
  all: readonly PlannedConnection[],
  kept: readonly PlannedConnection[],
  lateSeconds: number | undefined,
): readonly PlannedAct[] {
  const names = new Set(kept.map(({ name }) => name));
  return all.flatMap(({ endpointId, name, arrivesAtSeconds, start, requester }) => {
    const isChosen = random.next() < (lateSeconds === undefined ? 0.3 : 0.8);
    // Around Postern's own answer, which takes from seconds to an hour.
    const soonSeconds = arrivesAtSeconds + random.between(1, 10) ** random.between(0.3, 3.2);
    const atSeconds = lateSeconds === undefined ? soonSeconds : random.between(arrivesAtSeconds, lateSeconds);
    const chance = random.next();
    const kind: PlannedAct['kind'] =
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
    return isChosen && names.has(name) ? [{ atSeconds, endpointId, kind }] : [];
  });
}

/**
 * Draws which requesters leave, or show other tags, while their requests wait for a person: often while somebody looks.
 */
function drawLeaving(
  random: Random,
  held: readonly PlannedConnection[],
  {
    kept,
    spanSeconds,
    answers,
  }: {
    readonly kept: readonly PlannedConnection[];
    readonly spanSeconds: number;
    readonly answers: readonly PlannedAnswer[];
  },
): readonly PlannedAct[] {
  return held.flatMap((each): readonly PlannedAct[] => {
    const { endpointId, requester, comesBack, arrivesAtSeconds } = each;
    const kind = requester === 'quarantined' && random.next() < 0.75 ? 'tag' : 'leave';
    const anytime = arrivesAtSeconds + 10 ** random.between(1.5, 3.7);
    const share = random.next();
    const isWatched = random.next() < 0.7;
    const looked = answers.find((answer) => answer.endpointId === endpointId);
    const atSeconds =
      isWatched && looked !== undefined ? looked.atSeconds + share * looked.thinkSeconds : anytime;
    const isActing = kind === 'tag' || comesBack > 0;
    return isActing && kept.includes(each)
      ? [{ atSeconds: Math.min(spanSeconds, atSeconds), endpointId, kind }]
      : [];
  });
}

/** Draws changes of the policy. The last version is the first one, so that the end can be checked. */
function drawPolicies(random: Random, spanSeconds: number): WorldPlan['policies'] {
  const changes = 1 + Math.floor(random.next() * 4);
  const times = Array.from({ length: changes }, () => random.between(0, spanSeconds)).toSorted(
    (one, other) => one - other,
  );
  return [
    ...times.map((atSeconds) => ({
      atSeconds,
      version: policyVersions[Math.floor(random.next() * policyVersions.length)] ?? 'base',
    })),
    { atSeconds: spanSeconds, version: 'base' as const },
  ];
}

/** Draws when faults occur: in a world longer than all that are drawn they come and go, as in a real day. */
function drawSpells(
  random: Random,
  spanSeconds: number,
  wanted: number | undefined,
  isBurst: boolean,
): readonly Spell[] | undefined {
  const drawn = 1 + Math.floor(random.next() * 3);
  const count = wanted ?? (spanSeconds > Math.max(...spans) * 3600 ? drawn : 0);
  if (count === 0) return undefined;
  return Array.from({ length: count }, (_, index) => {
    // Where all requests come at once, faults meet them.
    const fromSeconds = isBurst && index === 0 ? 0 : random.between(0, spanSeconds);
    const length = 60 * 10 ** random.between(0.5, 1.6);
    return { fromSeconds, untilSeconds: Math.min(spanSeconds, fromSeconds + length) };
  });
}

function drawOutages(random: Random, spanSeconds: number): readonly Outage[] {
  return (['storage', 'arm'] as const).map((of) => {
    const fromSeconds = random.between(0, spanSeconds);
    const length = 10 ** random.between(1, 3.56);
    return { of, fromSeconds, untilSeconds: Math.min(spanSeconds, fromSeconds + length) };
  });
}
