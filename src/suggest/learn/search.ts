import { bestRequesters, gainingValues } from './best-requesters';
import { bestTargets, gainingConditions } from './best-targets';
import { better, type Candidates } from './candidates';
import type { PricedRule } from './priced-rule';
import { keyOfRule, type LearnedRule, type RequesterPart, type TargetPart } from './rule';

const mostRounds = 8;
const mostSeeds = 12;
const mostOfKind = 4;

/** The search for rules, given what the approval of each cell would gain. Remembers the halves that it has found. */
export class Search {
  private readonly targets = new Map<string, readonly TargetPart[]>();
  private readonly requesters = new Map<string, readonly RequesterPart[]>();

  constructor(
    private readonly candidates: Candidates,
    private readonly gains: Float64Array,
  ) {}

  /**
   * Finds good rules: starts from the best of each kind, from single groups and networks, and for each kind from single
   * conditions about the target, and improves each of them. Each rule is there once.
   */
  findRules(): readonly PricedRule[] {
    const wide = this.bestRequesters([]).map((requester) => ({ requester, target: [] }));
    const found = [
      ...[...wide, ...this.narrowSeeds()].map((seed) => this.improved(seed, 'itsKind')),
      ...[...wide, ...this.narrowSeeds()].map((seed) => this.improved(seed, 'anyKind')),
    ];
    return [...new Map(found.map((rule) => [rule.key, rule])).values()];
  }

  /** Changes the two halves of a rule in turns, each to the best one for the other half, as long as the rule gains more. */
  improved(seed: LearnedRule, kinds: 'anyKind' | 'itsKind'): PricedRule {
    const { candidates, gains } = this;
    let best = candidates.priced(seed);
    for (let round = 0; round < mostRounds; round++) {
      const { requester } = best.rule;
      const narrowed = better(
        best,
        candidates.priced({ requester, target: this.bestTargets(requester) }),
        gains,
      );
      const next = this.bestRequesters(narrowed.rule.target)
        .filter(({ kind }) => kinds === 'anyKind' || kind === requester.kind)
        .map((part) => candidates.priced({ requester: part, target: narrowed.rule.target }))
        .reduce((one, other) => better(one, other, gains), narrowed);
      if (next.key === best.key) break;
      best = next;
    }
    return best;
  }

  /** Returns the best conditions about the target for a part about who asks. */
  bestTargets(requester: RequesterPart): readonly TargetPart[] {
    return remembered(this.targets, requester, () =>
      bestTargets(this.candidates.problem, this.gains, requester),
    );
  }

  private bestRequesters(target: readonly TargetPart[]): readonly RequesterPart[] {
    return remembered(this.requesters, target, () =>
      bestRequesters(this.candidates.problem, this.gains, target),
    );
  }

  private narrowSeeds(): readonly LearnedRule[] {
    const { gains } = this;
    const { problem } = this.candidates;
    const single = problem.requesterDimensions
      .filter(({ kind }) => kind === 'groups' || kind === 'peeredNetworks')
      .flatMap((dimension) =>
        gainingValues(problem, gains, dimension)
          .slice(0, mostSeeds)
          .map((value) => ({ requester: { kind: dimension.kind, values: [value] }, target: [] })),
      );
    const narrow = problem.requesterDimensions.flatMap(({ kind, texts }) => {
      const everybody = { kind, values: [...texts.keys()] };
      return gainingConditions(problem, gains, everybody)
        .slice(0, mostOfKind)
        .flatMap((part) => {
          const requester = this.bestRequesters([part]).find((each) => each.kind === kind);
          return requester === undefined ? [] : [{ requester, target: [part] }];
        });
    });
    return [...new Map([...single, ...narrow].map((seed) => [keyOfRule(seed), seed])).values()];
  }
}

function remembered<Result>(known: Map<string, Result>, about: object, find: () => Result): Result {
  const key = JSON.stringify(about);
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = find();
  known.set(key, found);
  return found;
}
