import { lower } from '../../base/compare';
import type { Estate } from '../estate/estate';
import {
  requesterDimensions,
  type RequesterDimension,
  type RequesterKind,
  rootGroups,
  targetDimensions,
  type TargetDimension,
} from './dimensions';
import { type Evidence, evidenceFor, evidenceWanted } from './evidence';
import { prices } from './prices';
import { keyOfText } from './used-text';

/** An estate in numbers, prepared for learning. */
export interface Problem {
  readonly cells: CellColumns;
  readonly requesterDimensions: readonly RequesterDimension[];
  readonly targetDimensions: readonly TargetDimension[];
  /** For each requester, the number of its subscription. Requesters of one subscription follow each other. */
  readonly subscriptionOf: Uint32Array;
  /** For each target, whether one approval opens many resources. */
  readonly opensMany: readonly boolean[];
  /** For each target, the number of its type. */
  readonly typeOf: Int32Array;
  /** For each kind and value, whether a rule may name it. */
  readonly namable: ReadonlyMap<RequesterKind, readonly boolean[]>;
  /** For each kind and value, the evidence that it takes to name it; undefined: none. */
  readonly evidence: ReadonlyMap<RequesterKind, readonly (Evidence | undefined)[]>;
  /** For each dimension of targets and value, whether a rule may name it. */
  readonly namableTargets: readonly (readonly boolean[])[];
}

/** The cells of an estate by column: everything that requesters with the same facts asked of the same target. */
export interface CellColumns {
  readonly count: number;
  readonly requester: Uint32Array;
  readonly target: Uint32Array;
  /** Bits that a policy gains by approving everything in the cell; negative if people rejected it. */
  readonly gain: Float64Array;
  readonly approved: Uint32Array;
  readonly rejected: Uint32Array;
  /** 1 if requester and target are in the same subscription. */
  readonly isSame: Uint8Array;
}

/** Prepares an estate for learning. `unusable`: keys of the texts that no rule may name. Pure. */
export function problemOf(estate: Estate, unusable: ReadonlySet<string>): Problem {
  const ofRequesters = requesterDimensions(estate);
  const ofTargets = targetDimensions(estate);
  const subscriptions = estate.requesters.map(({ subscriptionId }) => lower(subscriptionId));
  const numbers = new Map([...new Set(subscriptions)].map((id, number) => [id, number]));
  return {
    cells: columnsOf(estate),
    requesterDimensions: ofRequesters,
    targetDimensions: ofTargets,
    subscriptionOf: Uint32Array.from(subscriptions, (id) => numbers.get(id) ?? 0),
    opensMany: estate.targets.map(({ opensMany }) => opensMany),
    typeOf: ofTargets.find(({ fact }) => fact.kind === 'type')?.valueOf ?? new Int32Array(),
    namable: new Map(
      ofRequesters.map((dimension) => [dimension.kind, namableOf(estate, dimension, unusable)]),
    ),
    evidence: new Map(ofRequesters.map((dimension) => [dimension.kind, evidenceFor(estate, dimension)])),
    namableTargets: ofTargets.map((dimension) => namableTargetsOf(estate, dimension, unusable)),
  };
}

/** Returns the dimension of a kind of requesters. */
export function dimensionOfKind(
  { requesterDimensions: all }: Problem,
  kind: RequesterKind,
): RequesterDimension {
  const dimension = all.find((each) => each.kind === kind);
  if (dimension === undefined) throw new TypeError(`no requester is of the kind ${kind}`);
  return dimension;
}

/** Returns a dimension of targets by its number. */
export function targetDimensionAt({ targetDimensions: all }: Problem, number: number): TargetDimension {
  const dimension = all[number];
  if (dimension === undefined) throw new TypeError(`there is no dimension ${number}`);
  return dimension;
}

function namableOf(
  estate: Estate,
  dimension: RequesterDimension,
  unusable: ReadonlySet<string>,
): readonly boolean[] {
  const { kind, texts } = dimension;
  const roots = kind === 'groups' ? rootGroups(estate) : new Set<string>();
  return texts.map((text) => !unusable.has(keyOfText({ fact: kind, text })) && !roots.has(lower(text)));
}

function namableTargetsOf(
  estate: Estate,
  { fact, texts, valueOf }: TargetDimension,
  unusable: ReadonlySet<string>,
): readonly boolean[] {
  const approvals = texts.map(() => 0);
  const opens = new Set<number>();
  for (const { target, examples } of estate.cells) {
    const value = valueOf[target] ?? -1;
    if (estate.targets[target]?.opensMany !== true || value < 0) continue;
    opens.add(value);
    approvals[value] = (approvals[value] ?? 0) + examples.approved.length;
  }
  const isOpen = fact.kind === 'service' || fact.kind === 'type';
  return texts.map((text, value) => {
    if (unusable.has(keyOfText({ fact })) || unusable.has(keyOfText({ fact, text }))) return false;
    return !isOpen || !opens.has(value) || (approvals[value] ?? 0) >= evidenceWanted.opensMany.approved;
  });
}

function columnsOf({ cells, requesters, targets }: Estate): CellColumns {
  const counts = cells.map(({ examples }) => ({
    approved: examples.approved.length,
    rejected: examples.rejected.length,
    pending: examples.pending.length,
  }));
  return {
    count: cells.length,
    requester: Uint32Array.from(cells, ({ requester }) => requester),
    target: Uint32Array.from(cells, ({ target }) => target),
    gain: Float64Array.from(
      counts,
      ({ approved, rejected, pending }) =>
        prices.missed * approved - prices.contradicted * rejected - prices.unanswered * pending,
    ),
    approved: Uint32Array.from(counts, ({ approved }) => approved),
    rejected: Uint32Array.from(counts, ({ rejected }) => rejected),
    isSame: Uint8Array.from(cells, ({ requester, target }) =>
      lower(requesters[requester]?.subscriptionId ?? '') ===
      lower(targets[target]?.facts.subscriptionId ?? '')
        ? 1
        : 0,
    ),
  };
}
