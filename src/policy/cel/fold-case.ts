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

/**
 * Returns the name under which `lists` has a list in lower case. It is not an identifier, so no
 * policy can write it.
 */
export function loweredList(name: string): string {
  return `${name}~lower`;
}

/**
 * The case of a node's text: all lowercase, a map with lowercase keys, or as the author or
 * requester wrote it.
 */
type Case = 'lowercase' | 'lowercaseKeys' | 'asWritten';

const loweredMethods = {
  matches: 'matchesWithoutCase~',
  lowerAscii: 'lowerAscii~',
  upperAscii: 'upperAscii~',
} as const;
const comparingMethods = new Set(['contains', 'startsWith', 'endsWith', 'indexOf', 'lastIndexOf', 'split']);
const casePreservingMethods = new Set(['trim', 'substring', 'split', 'filter']);
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Makes comparisons ignore case where ARM does. Such facts are in lower case, so this rewrites the
 * literals and lists that they are compared with to lower case, in the syntax tree, before the type
 * check. If an operand cannot be rewritten (such as the value of a tag), it returns a problem that
 * says how to fix it, so that no comparison fails silently.
 */
export function foldCase(root: CelNode): CelProblem[] {
  const folder = new CaseFolder();
  folder.visit(root, new Map());
  return folder.problems;
}

type Scope = ReadonlyMap<string, Case>;

class CaseFolder {
  readonly problems: CelProblem[] = [];

  /** Folds the nodes below `node`. Returns the case of its own text. */
  visit(node: CelNode, scope: Scope): Case {
    switch (node.op) {
      case 'id':
        return scope.get(node.args) ?? 'asWritten';
      case '.':
        return this.visitAccess(node, scope);
      case '[]': {
        const [map, key] = node.args;
        const mapCase = this.visit(map, scope);
        const keyCase = this.visit(key, scope);
        if (mapCase === 'lowercaseKeys') this.lower(key, keyCase);
        return mapCase === 'lowercase' ? 'lowercase' : 'asWritten';
      }
      case 'call': {
        const cases = node.args[1].map((argument) => this.visit(argument, scope));
        return node.args[0] === 'string' && cases[0] === 'lowercase' ? 'lowercase' : 'asWritten';
      }
      case 'rcall':
        return this.visitMethod(node, scope);
      case 'in': {
        const [item, list] = node.args;
        const [itemCase, listCase] = [this.visit(item, scope), this.visit(list, scope)];
        if (listCase !== 'asWritten') this.lower(item, itemCase);
        else if (itemCase === 'lowercase') this.lower(list, listCase);
        return 'asWritten';
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
        return 'asWritten';
    }
  }

  private visitAccess(node: CelNode & { op: '.' }, scope: Scope): Case {
    const access = accessOf(node);
    if (access !== undefined && !scope.has(access.root) && isFactRoot(access.root)) {
      if (access.field === 'tags') return 'lowercaseKeys';
      return fieldOf(access.root, access.field)?.withoutCase === true ? 'lowercase' : 'asWritten';
    }
    const [left, field] = node.args;
    if (this.visit(left, scope) === 'lowercaseKeys') rewrite(node, [left, foldText(field)]);
    return 'asWritten';
  }

  private visitMethod(node: CelNode & { op: 'rcall' }, scope: Scope): Case {
    const iteration = iterationOf(node);
    const [name, receiver, args] = node.args;
    const receiverCase = this.visit(receiver, scope);
    if (iteration !== undefined) {
      const variable = iteration.variable.op === 'id' ? iteration.variable.args : '';
      const inner = new Map([
        ...scope,
        [variable, receiverCase === 'asWritten' ? 'asWritten' : 'lowercase'] as const,
      ]);
      const bodies = iteration.bodies.map((body) => this.visit(body, inner));
      if (name === 'map') return bodies.at(-1) ?? 'asWritten';
      return name === 'filter' && receiverCase !== 'asWritten' ? 'lowercase' : 'asWritten';
    }
    const cases = args.map((argument) => this.visit(argument, scope));
    if (name === 'matches' && receiverCase !== 'lowercase') rewrite(node, ['matches~', receiver, args]);
    else if (isLowered(name)) rewrite(node, [loweredMethods[name], receiver, args]);
    const [first] = args;
    if (comparingMethods.has(name) && first !== undefined) {
      if (receiverCase === 'lowercase') this.lower(first, cases[0] ?? 'asWritten');
      else if (cases[0] === 'lowercase') this.lower(receiver, receiverCase);
    }
    if (name === 'lowerAscii') return 'lowercase';
    return casePreservingMethods.has(name) && receiverCase === 'lowercase' ? 'lowercase' : 'asWritten';
  }

  /** Folds all `nodes` if one of them is in lower case. */
  private unify(nodes: readonly CelNode[], scope: Scope): Case {
    const cases = nodes.map((node) => this.visit(node, scope));
    if (!cases.includes('lowercase')) return 'asWritten';
    nodes.forEach((node, index) => this.lower(node, cases[index] ?? 'asWritten'));
    return 'lowercase';
  }

  private lower(node: CelNode, known: Case): void {
    if (known === 'lowercase') return;
    const text = literalText(node);
    if (text !== undefined) return rewrite(node, foldText(text));
    if (node.op === 'value') return;
    if (node.op === 'list' || node.op === '+')
      return node.args.forEach((part: CelNode) => this.lower(part, 'asWritten'));
    if (node.op === '?:') return node.args.slice(1).forEach((part) => this.lower(part, 'asWritten'));
    const access = accessOf(node);
    if (access?.root === 'lists')
      return rewrite(node, [(node.args as readonly unknown[])[0], loweredList(access.field)]);
    const shown = node.input.slice(node.start, node.end);
    this.problems.push({
      start: node.start,
      end: node.end,
      message: `ids, names and locations are compared without case, but \`${shown.slice(0, 80)}\` is not: add \`.lowerAscii()\`, or use \`sameId(a, b)\``,
    });
  }
}

function isLowered(name: string): name is keyof typeof loweredMethods {
  return Object.hasOwn(loweredMethods, name);
}
