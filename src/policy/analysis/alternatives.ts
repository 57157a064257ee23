import { canonical, type CelNode, sourceOf } from '../cel/ast';

/** A part of a condition, or its opposite. */
export interface Part {
  readonly node: CelNode;
  readonly negated: boolean;
}

/** Parts that make the condition true when all of them are. */
export type Alternative = readonly Part[];

const mostAlternatives = 128;

/**
 * The ways in which a condition can be true: one of them is, whenever it is. Looks through `&&`, `||`, `!` and `?:`. A
 * condition with very many ways stays whole.
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
    if (some === undefined || all.length + some.length > mostAlternatives) return undefined;
    all.push(...some);
  }
  return all;
}

function together(ways: readonly Ways[]): Ways {
  return ways.reduce<Ways>(
    (before, after) => {
      if (before === undefined || after === undefined) return undefined;
      if (before.length * after.length > mostAlternatives) return undefined;
      return before.flatMap((left) => after.map((right) => [...left, ...right]));
    },
    [[]],
  );
}

/** An alternative in the words of its author, on one line. */
export function alternativeText(alternative: Alternative): string {
  return alternative
    .map(({ node, negated }) => {
      const text = sourceOf(node).replace(/\s+/g, ' ');
      if (!negated) return node.op === '||' || node.op === '?:' ? bracketed(text) : text;
      return node.op === 'call' || node.op === 'rcall' || isBracketed(text) ? `!${text}` : `!(${text})`;
    })
    .join(' && ');
}

function bracketed(text: string): string {
  return isBracketed(text) ? text : `(${text})`;
}

function isBracketed(text: string): boolean {
  return /^\([^()]*\)$/.test(text);
}

/** Where an alternative stands in its condition, from its first part to its last. */
export function alternativeRange(alternative: Alternative): { readonly start: number; readonly end: number } {
  const starts = alternative.map(({ node }) => node.start);
  const ends = alternative.map(({ node }) => node.end);
  return { start: Math.min(...starts), end: Math.max(...ends) };
}

/** Whether some part of the one is the opposite of some part of the other, so that both are never true at once. */
export function excludeEachOther(one: Alternative, other: Alternative): boolean {
  return one.some((part) =>
    other.some(
      (against) => part.negated !== against.negated && canonical(part.node) === canonical(against.node),
    ),
  );
}
