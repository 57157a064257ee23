import { allOf, inverse, truth, truthOf, type TruthValue, unknown, type Value } from './possible-value';

interface Round {
  readonly value: Value;
  readonly certain: boolean;
  /** The values of the bodies of the loop for this entry. */
  readonly bodies: readonly Value[];
}

/**
 * Computes the possible values of `exists`, `all`, `filter` and the like.
 *
 * @param inside returns the values of the bodies for one entry
 */
export function iterated(macro: string, range: Value, inside: (value: Value) => readonly Value[]): Value {
  const list =
    range.kind === 'list' ? range : { items: [], others: range.kind === 'tags' ? range.tag : unknown };
  const { others } = list;
  const known = list.items.map((item): Round => ({ ...item, bodies: inside(item.value) }));
  const open: Round[] =
    others === undefined ? [] : [{ value: others, certain: false, bodies: inside(others) }];
  const rounds = [...known, ...open];
  switch (macro) {
    case 'all':
      return allOf(
        rounds.map((round) => truth(answerOf(round).canBeTrue || !round.certain, answerOf(round).canBeFalse)),
      );
    case 'exists':
      return inverse(
        allOf(
          rounds.map((round) =>
            truth(answerOf(round).canBeFalse || !round.certain, answerOf(round).canBeTrue),
          ),
        ),
      );
    case 'exists_one':
      return truth(
        rounds.some((round) => answerOf(round).canBeTrue),
        true,
      );
    case 'filter':
      return filtered(known, others);
    default:
      return mapped(known, open[0]?.bodies.at(-1));
  }
}

function answerOf({ bodies }: Round): TruthValue {
  return truthOf(bodies[0] ?? unknown);
}

function filtered(rounds: readonly Round[], others: Value | undefined): Value {
  const items = rounds.flatMap((round) => {
    const { canBeTrue, canBeFalse } = answerOf(round);
    return canBeTrue ? [{ value: round.value, certain: round.certain && !canBeFalse }] : [];
  });
  return { kind: 'list', items, others };
}

/** `map` may have a condition before the expression for each entry. */
function mapped(rounds: readonly Round[], others: Value | undefined): Value {
  const items = rounds
    .map((round) => ({ ...round, isConditional: round.bodies.length > 1 }))
    .filter((round) => !round.isConditional || answerOf(round).canBeTrue)
    .map(({ bodies, certain, isConditional }) => ({
      value: bodies.at(-1) ?? unknown,
      certain: certain && !isConditional,
    }));
  return { kind: 'list', items, others };
}
