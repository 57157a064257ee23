import { allOf, inverse, maybe, truth, truthOf, unknown, type Value } from './possible-value';

/**
 * What `exists`, `all`, `filter` and the like can answer. @param inside what the bodies are for one entry
 */
export function iterated(macro: string, range: Value, inside: (value: Value) => readonly Value[]): Value {
  const list =
    range.kind === 'list'
      ? range
      : { kind: 'list' as const, items: [], others: range.kind === 'tags' ? range.tag : unknown };
  const items = list.items.map(({ value, certain }) => ({ value, certain, bodies: inside(value) }));
  const others = list.others === undefined ? [] : [{ value: list.others, bodies: inside(list.others) }];
  const answers = [
    ...items.map(({ bodies, certain }) => ({ answer: truthOf(bodies[0] ?? unknown), certain })),
    ...others.map(({ bodies }) => ({ answer: truthOf(bodies[0] ?? unknown), certain: false })),
  ];
  const some = answers.map(({ answer, certain }) => truth(answer.canBeTrue, answer.canBeFalse || !certain));
  const each = answers.map(({ answer, certain }) => truth(answer.canBeTrue || !certain, answer.canBeFalse));
  switch (macro) {
    case 'all':
      return allOf(each);
    case 'exists':
      return inverse(allOf(some.map(inverse)));
    case 'exists_one':
      return truth(
        some.some(({ canBeTrue }) => canBeTrue),
        true,
      );
    case 'filter':
      return {
        kind: 'list',
        items: items.flatMap(({ value, certain }, index) => {
          const { canBeTrue, canBeFalse } = answers[index]?.answer ?? maybe;
          return canBeTrue ? [{ value, certain: certain && !canBeFalse }] : [];
        }),
        others: list.others,
      };
    default: {
      const isFiltered = (bodies: readonly Value[]): boolean => bodies.length > 1;
      return {
        kind: 'list',
        items: items
          .filter(({ bodies }) => !isFiltered(bodies) || truthOf(bodies[0] ?? unknown).canBeTrue)
          .map(({ bodies, certain }) => ({
            value: bodies.at(-1) ?? unknown,
            certain: certain && !isFiltered(bodies),
          })),
        others: others[0]?.bodies.at(-1),
      };
    }
  }
}
