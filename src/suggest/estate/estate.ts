import { compareText } from '../../base/compare';
import { foldText } from '../../connections/fold-text';
import { profileOf, targetTypeFrom } from '../../connections/target-type';
import type { TargetFacts } from '../../policy/facts/facts';
import type { Observation, Requester, Unanswerable, Verdict } from './observation';

/** One connection as an example: its ids. */
export interface Example {
  readonly connectionId: string;
  readonly endpointId: string;
}

/** A verdict from which something can be learned. */
export type Decided = Exclude<Verdict, 'other'>;

/** Everything that requesters with the same facts asked of targets with the same facts. */
export interface Cell {
  /** Index of the requester. */
  readonly requester: number;
  /** Index of the target. */
  readonly target: number;
  /** The connections by what people did with them, in the order of their ids. */
  readonly examples: Readonly<Record<Decided, readonly Example[]>>;
}

/** A connection that no policy could approve, and why. */
export interface LeftOut {
  readonly connectionId: string;
  readonly verdict: Verdict;
  readonly why: Unanswerable;
}

/** A target and what the table of types says about it. */
export interface KnownTarget {
  readonly facts: TargetFacts;
  readonly service: string;
  readonly opensMany: boolean;
}

/** The connections of an estate, grouped. Everything is in a fixed order, whatever the order of the input was. */
export interface Estate {
  readonly requesters: readonly Requester[];
  readonly targets: readonly KnownTarget[];
  readonly cells: readonly Cell[];
  readonly leftOut: readonly LeftOut[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Number of observations of a connection that was observed before. */
  readonly repeated: number;
}

interface Kept {
  readonly connectionId: string;
  readonly endpointId: string;
  readonly verdict: Verdict;
  readonly why: Unanswerable | undefined;
  /** Numbers in the two interners; -1: no endpoint. */
  readonly requester: number;
  readonly target: number;
}

/** Of several observations of one connection, the most cautious one counts. */
const caution: readonly Verdict[] = ['rejected', 'pending', 'other', 'approved'];

/** Collects observations, in any order. Keeps each distinct requester and target once. */
export class EstateBuilder {
  private readonly connections = new Map<string, Kept>();
  private readonly requesters = new Interner<Requester>();
  private readonly targets = new Interner<TargetFacts>();
  private repeated = 0;

  add({ connectionId, endpointId = '', verdict, unanswerable: why, ...facts }: Observation): void {
    const requester =
      facts.requester === undefined
        ? -1
        : this.requesters.add(keyOfRequester(facts.requester), facts.requester);
    const target = this.targets.add(keyOfTarget(facts.target), facts.target);
    const kept = { connectionId, endpointId, verdict, why, requester, target };
    const key = foldText(connectionId);
    const before = this.connections.get(key);
    if (before !== undefined) this.repeated += 1;
    if (before === undefined || this.orderOf(kept) < this.orderOf(before)) this.connections.set(key, kept);
  }

  /** Groups what was added. */
  build(): Estate {
    const sorted = [...this.connections.entries()]
      .sort(([one], [other]) => compareText(one, other))
      .map(([, kept]) => kept);
    const answerable = sorted.filter(isAnswerable);
    const requesters = this.requesters.sorted(new Set(answerable.map(({ requester }) => requester)));
    const targets = this.targets.sorted(new Set(answerable.map(({ target }) => target)));
    const counts = { approved: 0, rejected: 0, pending: 0, other: 0 };
    for (const { verdict } of sorted) counts[verdict] += 1;
    return {
      requesters: requesters.map(({ value }) => value),
      targets: targets.map(({ value }) => knownTarget(value)),
      cells: cellsOf(answerable, placesOf(requesters), placesOf(targets)),
      leftOut: sorted.flatMap(({ connectionId, verdict, why }) =>
        why === undefined ? [] : [{ connectionId, verdict, why }],
      ),
      counts,
      repeated: this.repeated,
    };
  }

  /** Orders observations of one connection: the smallest counts. */
  private orderOf({ connectionId, endpointId, verdict, why, requester, target }: Kept): string {
    const keys = [this.requesters.keyOf(requester), this.targets.keyOf(target)];
    return JSON.stringify([caution.indexOf(verdict), connectionId, endpointId, ...keys, why]);
  }
}

interface Interned<Value> {
  readonly number: number;
  readonly key: string;
  value: Value;
  spelling: string;
}

/** Numbers distinct values. Of several spellings of one value, keeps the first in alphabetical order. */
class Interner<Value> {
  private readonly byKey = new Map<string, Interned<Value>>();
  private readonly all: Interned<Value>[] = [];

  add(key: string, value: Value): number {
    const spelling = JSON.stringify(value);
    const before = this.byKey.get(key);
    if (before === undefined) {
      const entry = { number: this.all.length, key, value, spelling };
      this.byKey.set(key, entry);
      this.all.push(entry);
      return entry.number;
    }
    if (spelling < before.spelling) Object.assign(before, { value, spelling });
    return before.number;
  }

  keyOf(number: number): string {
    return this.all[number]?.key ?? '';
  }

  /** Returns the entries with these numbers, in the order of their keys. */
  sorted(numbers: ReadonlySet<number>): readonly Interned<Value>[] {
    return this.all
      .filter(({ number }) => numbers.has(number))
      .sort((one, other) => compareText(one.key, other.key));
  }
}

function placesOf(entries: readonly Interned<unknown>[]): ReadonlyMap<number, number> {
  return new Map(entries.map(({ number }, place) => [number, place]));
}

function isAnswerable({ why, verdict }: Kept): boolean {
  return why === undefined && verdict !== 'other';
}

function cellsOf(
  kept: readonly Kept[],
  requesters: ReadonlyMap<number, number>,
  targets: ReadonlyMap<number, number>,
): readonly Cell[] {
  const cells = new Map<number, Cell & { readonly examples: Record<Decided, Example[]> }>();
  for (const { connectionId, endpointId, verdict, ...numbers } of kept) {
    const requester = requesters.get(numbers.requester);
    const target = targets.get(numbers.target);
    if (requester === undefined || target === undefined || verdict === 'other') continue;
    const at = requester * targets.size + target;
    const cell = cells.get(at) ?? {
      requester,
      target,
      examples: { approved: [], rejected: [], pending: [] },
    };
    cells.set(at, cell);
    cell.examples[verdict].push({ connectionId, endpointId });
  }
  return [...cells.entries()].sort(([one], [other]) => one - other).map(([, cell]) => cell);
}

function knownTarget(facts: TargetFacts): KnownTarget {
  const type = targetTypeFrom(facts.type);
  if (type === undefined) throw new TypeError(`no row has the type ${facts.type}`);
  const { service, opensMany } = profileOf(type);
  return { facts: { ...facts, type }, service, opensMany };
}

function keyOfRequester(requester: Requester): string {
  const { subscriptionId, tenantId, tenant, virtualNetworkId, peeredNetworks, behind } = requester;
  const { ownSubscriptionId, managementGroups } = requester;
  return foldText(
    JSON.stringify([
      subscriptionId,
      tenantId,
      tenant,
      managementGroups,
      virtualNetworkId,
      peeredNetworks && [...peeredNetworks].sort(compareText),
      ownSubscriptionId,
      behind && [behind.id, behind.type, behind.how],
    ]),
  );
}

function keyOfTarget({
  id,
  type,
  subscriptionId,
  resourceGroup,
  name,
  tenantId,
  kind,
  location,
  tags,
}: TargetFacts): string {
  const folded = [id, type, subscriptionId, resourceGroup, name, tenantId, kind, location].map((text) =>
    text === undefined ? null : foldText(text),
  );
  const sortedTags = Object.entries(tags ?? {})
    .map(([tag, value]) => [foldText(tag), value] as const)
    .sort(([one], [other]) => compareText(one, other));
  return JSON.stringify([folded, tags === undefined ? null : sortedTags]);
}
