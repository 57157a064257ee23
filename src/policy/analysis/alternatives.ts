import { canonical, type CelNode, sourceOf } from '../cel/ast';

/** A part of a condition, or its negation. */
export interface Part {
  readonly node: CelNode;
  readonly negated: boolean;
}

/** Parts that make a condition true if all of them are true. */
export type Alternative = readonly Part[];

const maxAlternatives = 128;

/**
 * Splits a condition into the ways in which it can be true: whenever it is true, so is one of them.
 * Splits `&&`, `||`, `!` and `?:`. A condition with more than 128 ways is not split.
 */
export function waysToBeTrue(condition: CelNode): readonly Alternative[] {
  return waysOf({ node: condition, negated: false }) ?? [[{ node: condition, negated: false }]];
}

function waysOf(part: Part): readonly Alternative[] | undefined {
  const { node, negated } = part;
  switch (node.op) {
    case '!_':
      return waysOf({ node: node.args, negated: !negated });
    case '&&':
    case '||': {
      const inner = node.args.map((child) => waysOf({ node: child, negated }));
      return (node.op === '&&') === negated ? oneOf(inner) : together(inner);
    }
    case '?:': {
      const [asked, yes, no] = node.args;
      const branch = (isTrue: boolean, child: CelNode) =>
        together([waysOf({ node: asked, negated: !isTrue }), waysOf({ node: child, negated })]);
      return oneOf([branch(true, yes), branch(false, no)]);
    }
    default:
      return [[part]];
  }
}

type Ways = readonly Alternative[] | undefined;

function oneOf(ways: readonly Ways[]): Ways {
  const all: Alternative[] = [];
  for (const some of ways) {
    if (some === undefined || all.length + some.length > maxAlternatives) return undefined;
    all.push(...some);
  }
  return all;
}

function together(ways: readonly Ways[]): Ways {
  return ways.reduce<Ways>(
    (before, after) => {
      if (before === undefined || after === undefined) return undefined;
      if (before.length * after.length > maxAlternatives) return undefined;
      return before.flatMap((left) => after.map((right) => [...left, ...right]));
    },
    [[]],
  );
}

/** Returns the source text of an alternative, on one line. */
export function alternativeText(alternative: Alternative): string {
  return alternative
    .map(({ node, negated }) => {
      const text = sourceOf(node).replace(/\s+/g, ' ');
      if (!negated) return node.op === '||' || node.op === '?:' ? parenthesized(text) : text;
      return node.op === 'call' || node.op === 'rcall' || isParenthesized(text) ? `!${text}` : `!(${text})`;
    })
    .join(' && ');
}

function parenthesized(text: string): string {
  return isParenthesized(text) ? text : `(${text})`;
}

function isParenthesized(text: string): boolean {
  return /^\([^()]*\)$/.test(text);
}

/** Returns the range of an alternative in its condition, from its first part to its last. */
export function alternativeRange(alternative: Alternative): { readonly start: number; readonly end: number } {
  const starts = alternative.map(({ node }) => node.start);
  const ends = alternative.map(({ node }) => node.end);
  return { start: Math.min(...starts), end: Math.max(...ends) };
}

/**
 * Returns whether a part of one alternative is the negation of a part of the other, so that they
 * are never both true.
 */
export function excludeEachOther(one: Alternative, other: Alternative): boolean {
  return one.some((part) =>
    other.some(
      (against) => part.negated !== against.negated && canonical(part.node) === canonical(against.node),
    ),
  );
}
