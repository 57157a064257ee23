import { accessOf, type CelNode, childrenOf, iterationOf } from '../../cel/ast';
import type { PolicyLists } from '../../cel/environment';
import { isFactRoot } from '../../facts/fact-fields';
import type { RequesterKind } from '../shapes/fact-shapes';
import { callOf, type TextComparison, methodOf } from './possible-calls';
import { factValue, listValue } from './possible-facts';
import { iterated } from './possible-loops';
import {
  added,
  allOf,
  entryOf,
  equality,
  inverse,
  isLess,
  literalValue,
  maybe,
  textsOf,
  type TextValue,
  truth,
  truthOf,
  type TruthValue,
  unite,
  unknown,
  type Value,
} from './possible-value';
import { either } from '../shapes/text-shape';

/** Options of `possibleTruth`. */
export interface PossibleOptions {
  readonly lists: PolicyLists;
  /** Whose requests to consider. */
  readonly requester: RequesterKind;
  /** Called for every comparison of texts. */
  readonly onComparison?: ((comparison: TextComparison) => void) | undefined;
}

/**
 * Computes whether a condition can be true and whether it can be false, for some request of the
 * requester. Goes through the lists of the policy entry by entry. If in doubt, both are possible:
 * what is returned as impossible is impossible. Pure except for `onComparison`.
 */
export function possibleTruth(node: CelNode, options: PossibleOptions): TruthValue {
  return truthOf(new Reader(options).read(node, { variables: new Map(), sign: 1 }));
}

interface Scope {
  readonly variables: ReadonlyMap<string, Value>;
  /**
   * How the node affects the condition: if it is true, more connections match (1), fewer (-1), or
   * either (0).
   */
  readonly sign: 1 | 0 | -1;
}

/**
 * The most loop rounds that are evaluated one by one. After that, all entries of a list are treated
 * as one.
 */
const maxRounds = 60_000;

class Reader {
  private rounds = 0;

  constructor(private readonly options: PossibleOptions) {}

  read(node: CelNode, scope: Scope): Value {
    switch (node.op) {
      case 'value':
        return literalValue(node);
      case 'id':
        return scope.variables.get(node.args) ?? unknown;
      case '.':
        return this.access(node, scope);
      case '[]':
        return this.indexed(node, scope);
      case 'call':
        return this.call(node, scope);
      case 'rcall':
        return iterationOf(node) === undefined ? this.method(node, scope) : this.iteration(node, scope);
      case 'list':
        return {
          kind: 'list',
          items: node.args.map((entry) => ({ value: this.read(entry, scope), certain: true })),
        };
      case 'map':
        return {
          kind: 'map',
          entries: node.args.map(([key, value]) => [this.read(key, scope), this.read(value, scope)] as const),
        };
      case '!_':
        return inverse(truthOf(this.read(node.args, { ...scope, sign: opposite(scope.sign) })));
      case '?:':
        return this.choice(node, scope);
      default:
        return this.operation(node, scope);
    }
  }

  private operation(node: CelNode, scope: Scope): Value {
    const value = this.valueOf(node, scope);
    // A condition that reads the announcement of a stranger cannot be evaluated, which holds the connection.
    const isUnknowable = value.kind === 'truth' && this.options.requester === 'stranger';
    return isUnknowable && comparisons.has(node.op) && childrenOf(node).some(readsAnnouncement)
      ? truth(false, false)
      : value;
  }

  private valueOf(node: CelNode, scope: Scope): Value {
    if (node.op === '&&' || node.op === '||') {
      const parts = childrenOf(node).map((part) => truthOf(this.read(part, scope)));
      return node.op === '&&' ? allOf(parts) : inverse(allOf(parts.map(inverse)));
    }
    const [left = unknown, right = unknown] = childrenOf(node).map((part) =>
      this.read(part, { ...scope, sign: 0 }),
    );
    switch (node.op) {
      case '==':
      case '!=': {
        const equal = this.compare(node, left, right, scope);
        return node.op === '==' ? equal : inverse(equal);
      }
      case 'in':
        return this.membership(node, left, right, scope);
      case '<':
      case '<=':
        return isLess(left, right, node.op === '<=');
      case '>':
      case '>=':
        return isLess(right, left, node.op === '>=');
      case '+':
        return added(left, right);
      default:
        return unknown;
    }
  }

  private compare(node: CelNode, left: Value, right: Value, scope: Scope): TruthValue {
    const equal = equality(left, right);
    const { onComparison } = this.options;
    if (onComparison === undefined) return equal;
    for (const subject of textsOf(left)) {
      for (const object of textsOf(right)) {
        const passes = equality(subject, object).canBeTrue;
        onComparison({ node, test: '==', sign: scope.sign, subject, object, passes });
      }
    }
    return equal;
  }

  private membership(node: CelNode, item: Value, list: Value, scope: Scope): TruthValue {
    if (list.kind === 'map') {
      const keys = list.entries.map(([key]) => this.compare(node, item, key, scope));
      return inverse(allOf(keys.map(inverse)));
    }
    if (list.kind === 'tags') return truth(equality(item, list.tag).canBeTrue, true);
    // No entry is empty: policies test for an empty text only to use a list.
    if (list.kind !== 'list' || (item.kind === 'text' && item.literal === '')) return maybe;
    const found = list.items.map(({ value, certain }) => {
      const equal = this.compare(node, item, value, scope);
      return truth(equal.canBeTrue, equal.canBeFalse || !certain);
    });
    const others = list.others === undefined ? [] : [truth(equality(item, list.others).canBeTrue, true)];
    return inverse(allOf([...found, ...others].map(inverse)));
  }

  private access(node: CelNode & { op: '.' }, scope: Scope): Value {
    const access = accessOf(node);
    if (access !== undefined && !scope.variables.has(access.root)) {
      if (access.root === 'lists') return listValue(access.field, this.options.lists);
      if (isFactRoot(access.root)) return factValue(access.root, access.field, this.options.requester);
    }
    const map = this.read(node.args[0], scope);
    if (map.kind === 'tags') return map.tag;
    if (map.kind !== 'map') return unknown;
    return map.entries.map(([, value]) => value).reduce(unite, map.entries[0]?.[1] ?? unknown);
  }

  private indexed(node: CelNode & { op: '[]' }, scope: Scope): Value {
    const [owner, key] = node.args.map((part) => this.read(part, { ...scope, sign: 0 }));
    if (owner?.kind === 'tags') return tagNamed(owner.tag, key);
    if (owner?.kind === 'map')
      return owner.entries.map(([, value]) => value).reduce(unite, owner.entries[0]?.[1] ?? unknown);
    if (owner?.kind !== 'list') return unknown;
    if (
      key?.kind === 'number' &&
      key.least === key.most &&
      owner.items.slice(0, key.least + 1).every(({ certain }) => certain)
    )
      return owner.items[key.least]?.value ?? owner.others ?? unknown;
    return entryOf(owner) ?? unknown;
  }

  private call(node: CelNode & { op: 'call' }, scope: Scope): Value {
    const [name, args] = node.args;
    if (name === 'has') return this.presence(args[0]);
    const values = args.map((part) => this.read(part, { ...scope, sign: 0 }));
    if (name === 'sameId') return this.compare(node, values[0] ?? unknown, values[1] ?? unknown, scope);
    return callOf(name, values, { node, sign: scope.sign, onComparison: this.options.onComparison });
  }

  /** A stranger is no requester of ours, and nobody has announced it. */
  private presence(fact: CelNode | undefined): TruthValue {
    const access = fact && accessOf(fact);
    const isOurs = access?.root === 'requester' || access?.root === 'expected';
    return isOurs && this.options.requester === 'stranger' ? truth(false, true) : maybe;
  }

  private method(node: CelNode & { op: 'rcall' }, scope: Scope): Value {
    const [name, receiver, args] = node.args;
    const subject = this.read(receiver, { ...scope, sign: 0 });
    const values = args.map((part) => this.read(part, { ...scope, sign: 0 }));
    return methodOf(name, subject, values, {
      node,
      sign: scope.sign,
      onComparison: this.options.onComparison,
    });
  }

  private choice(node: CelNode & { op: '?:' }, scope: Scope): Value {
    const [condition, ...branches] = node.args;
    const answer = truthOf(this.read(condition, { ...scope, sign: 0 }));
    const [yes = unknown, no = unknown] = branches.map((branch) => this.read(branch, scope));
    if (!answer.canBeFalse) return yes;
    return answer.canBeTrue ? unite(yes, no) : no;
  }

  private iteration(node: CelNode & { op: 'rcall' }, scope: Scope): Value {
    const iteration = iterationOf(node);
    if (iteration === undefined) return unknown;
    const [macro] = node.args;
    const range = this.read(iteration.range, { ...scope, sign: 0 });
    const name = iteration.variable.op === 'id' ? iteration.variable.args : '';
    const sign = macro === 'all' || macro === 'exists' || macro === 'filter' ? scope.sign : 0;
    const inside = (value: Value): readonly Value[] => {
      this.rounds += 1;
      const inner = { variables: new Map([...scope.variables, [name, value]]), sign } as const;
      return iteration.bodies.map((body) => this.read(body, inner));
    };
    return iterated(macro, this.withinBounds(range), inside);
  }

  /**
   * Treats a list as one entry that can be any of its entries, if too many rounds were evaluated
   * already.
   */
  private withinBounds(range: Value): Value {
    if (range.kind !== 'list' || this.rounds + range.items.length <= maxRounds) return range;
    return { kind: 'list', items: [], others: entryOf(range) };
  }
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

function readsAnnouncement(node: CelNode): boolean {
  return accessOf(node)?.root === 'expected';
}

/** Returns the value of a tag. A tag with a name that nobody can have chosen has no value. */
function tagNamed(tag: TextValue, key: Value | undefined): Value {
  return key === undefined || equality(key, tag).canBeTrue ? tag : { ...tag, shape: either() };
}

function opposite(sign: Scope['sign']): Scope['sign'] {
  return sign === 0 ? 0 : sign === 1 ? -1 : 1;
}
