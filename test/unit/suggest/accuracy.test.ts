import { approves, makeEstate } from '../../../bench/suggest/estates';
import { suggestedFor } from '../../support/samples/suggested';

const size = { subscriptions: 60, targets: 200, seen: 3_000, unseen: 1_000, noise: 0.05 };

test.each([1, 2, 3])(
  'a policy learned from estate %i decides as the true one, and approves no stranger',
  (seed) => {
    const { seen, unseen } = makeEstate(seed, size);
    const suggestion = suggestedFor(seen.map(({ facts }) => facts));
    expect(suggestion).toBeDefined();
    if (suggestion === undefined) return;
    const right = unseen.filter(({ facts, isRight }) => approves(suggestion.policy, facts) === isRight);
    const strangers = unseen.filter(
      ({ facts, isStranger }) => isStranger && approves(suggestion.policy, facts),
    );
    expect(strangers).toEqual([]);
    expect(right.length / unseen.length).toBeGreaterThanOrEqual(0.98);
  },
);
