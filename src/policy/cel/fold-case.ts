import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { foldText } from '../../connections/fold-text';
import {
  accessOf,
  type CelNode,
  type CelProblem,
  childrenOf,
  iterationOf,
  literalText,
  rewrite,
} from './ast';

/** Names the field under which `lists` keeps a list of texts in lower case. No policy can write it: it is no identifier. */
export function loweredList(name: string): string {
  return `${name}~lower`;
}

/** What is known of a node's text: all in lower case; a map whose keys are; or as it was written. */
type Case = 'lower' | 'lowerKeys' | 'written';

const loweredMethods = {
  matches: 'matchesWithoutCase~',
  lowerAscii: 'lowerAscii~',
  upperAscii: 'upperAscii~',
} as const;
const comparingMethods = new Set(['contains', 'startsWith', 'endsWith', 'indexOf', 'lastIndexOf', 'split']);
const keepingMethods = new Set(['trim', 'substring', 'split', 'filter']);
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Makes comparisons with facts that ARM compares without case work as ARM does. Such facts come in lower case, so the
 * literals and lists they are compared with are lowered here, in the syntax tree, before it is type-checked. What
 * cannot be lowered (a tag's value, say) is a problem with the mend, never a comparison that silently fails.
 */
export function foldCase(root: CelNode): CelProblem[] {
  const folder = new CaseFolder();
  folder.visit(root, new Map());
  return folder.problems;
}

type Scope = ReadonlyMap<string, Case>;

class CaseFolder {
  readonly problems: CelProblem[] = [];

  /** Folds below `node` and tells what is known of its own text. */
  visit(node: CelNode, scope: Scope): Case {
    switch (node.op) {
      case 'id':
        return scope.get(node.args) ?? 'written';
      case '.':
        return this.visitAccess(node, scope);
      case '[]': {
        const [map, key] = node.args;
        const mapCase = this.visit(map, scope);
        const keyCase = this.visit(key, scope);
        if (mapCase === 'lowerKeys') this.lower(key, keyCase);
        return mapCase === 'lower' ? 'lower' : 'written';
      }
      case 'call': {
        const cases = node.args[1].map((argument) => this.visit(argument, scope));
        return node.args[0] === 'string' && cases[0] === 'lower' ? 'lower' : 'written';
      }
      case 'rcall':
        return this.visitMethod(node, scope);
      case 'in': {
        const [item, list] = node.args;
        const [itemCase, listCase] = [this.visit(item, scope), this.visit(list, scope)];
        if (listCase !== 'written') this.lower(item, itemCase);
        else if (itemCase === 'lower') this.lower(list, listCase);
        return 'written';
      }
      case '?:':
        this.visit(node.args[0], scope);
        return this.unify([node.args[1], node.args[2]], scope);
      case '+':
      case 'list':
        return this.unify(node.args, scope);
      default:
        if (comparisons.has(node.op)) this.unify(childrenOf(node), scope);
        else childrenOf(node).forEach((child) => this.visit(child, scope));
        return 'written';
    }
  }

  private visitAccess(node: CelNode & { op: '.' }, scope: Scope): Case {
    const access = accessOf(node);
    if (access !== undefined && !scope.has(access.root) && isFactRoot(access.root)) {
      if (access.field === 'tags') return 'lowerKeys';
      return fieldOf(access.root, access.field)?.withoutCase === true ? 'lower' : 'written';
    }
    const [left, field] = node.args;
    if (this.visit(left, scope) === 'lowerKeys') rewrite(node, [left, foldText(field)]);
    return 'written';
  }

  private visitMethod(node: CelNode & { op: 'rcall' }, scope: Scope): Case {
    const iteration = iterationOf(node);
    const [name, receiver, args] = node.args;
    const receiverCase = this.visit(receiver, scope);
    if (iteration !== undefined) {
      const variable = iteration.variable.op === 'id' ? iteration.variable.args : '';
      const inner = new Map([
        ...scope,
        [variable, receiverCase === 'written' ? 'written' : 'lower'] as const,
      ]);
      const bodies = iteration.bodies.map((body) => this.visit(body, inner));
      if (name === 'map') return bodies.at(-1) ?? 'written';
      return name === 'filter' && receiverCase !== 'written' ? 'lower' : 'written';
    }
    const cases = args.map((argument) => this.visit(argument, scope));
    if (name === 'matches' && receiverCase !== 'lower') rewrite(node, ['matches~', receiver, args]);
    else if (isLowered(name)) rewrite(node, [loweredMethods[name], receiver, args]);
    const [first] = args;
    if (comparingMethods.has(name) && first !== undefined) {
      if (receiverCase === 'lower') this.lower(first, cases[0] ?? 'written');
      else if (cases[0] === 'lower') this.lower(receiver, receiverCase);
    }
    if (name === 'lowerAscii') return 'lower';
    return keepingMethods.has(name) && receiverCase === 'lower' ? 'lower' : 'written';
  }

  /** If one of them is in lower case, all must be. */
  private unify(nodes: readonly CelNode[], scope: Scope): Case {
    const cases = nodes.map((node) => this.visit(node, scope));
    if (!cases.includes('lower')) return 'written';
    nodes.forEach((node, index) => this.lower(node, cases[index] ?? 'written'));
    return 'lower';
  }

  private lower(node: CelNode, known: Case): void {
    if (known === 'lower') return;
    const text = literalText(node);
    if (text !== undefined) return rewrite(node, foldText(text));
    if (node.op === 'value') return;
    if (node.op === 'list' || node.op === '+')
      return node.args.forEach((part: CelNode) => this.lower(part, 'written'));
    if (node.op === '?:') return node.args.slice(1).forEach((part) => this.lower(part, 'written'));
    const access = accessOf(node);
    if (access?.root === 'lists')
      return rewrite(node, [(node.args as readonly unknown[])[0], loweredList(access.field)]);
    const shown = node.input.slice(node.start, node.end);
    this.problems.push({
      start: node.start,
      end: node.end,
      message: `ids, names and locations are compared without case, \`${shown.slice(0, 80)}\` is not: add \`.lowerAscii()\`, or use \`sameId(a, b)\``,
    });
  }
}

function isLowered(name: string): name is keyof typeof loweredMethods {
  return Object.hasOwn(loweredMethods, name);
}
