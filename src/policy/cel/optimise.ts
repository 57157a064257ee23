import { accessOf, type CelNode, literalText, rewrite } from './ast';
import type { CelEnvironment } from './environment';
import { TextSet } from './lists';
import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { wholeView } from '../facts/fact-view';

/**
 * Makes a condition cheap to evaluate, in its syntax tree, between `foldCase` and the type check: a fact becomes a variable
 * (`endpoint.name`) instead of a field of an object, and texts that are looked for among known ones are looked for in a set.
 * What it answers stays the same. Returns the node to use in the place of `node`.
 */
export function bindCondition(node: CelNode, environment: CelEnvironment): CelNode {
  const path = factPathOf(node);
  if (path === undefined) {
    bindBelow(node, environment);
    return node;
  }
  // The parser's macros keep references to the very node: they read the fact from the view.
  rewrite(node, [leafNode('x', wholeView, environment), path]);
  return leafNode('x', path, environment);
}

function bindBelow(node: CelNode, environment: CelEnvironment): void {
  const bind = (inner: CelNode): CelNode => bindCondition(inner, environment);
  switch (node.op) {
    case 'value':
    case 'id':
      return;
    case '.':
    case '.?':
      return rewrite(node, [bind(node.args[0]), node.args[1]]);
    case 'call':
      return rewrite(node, [node.args[0], node.args[1].map(bind)]);
    case 'rcall':
      return rewrite(node, [node.args[0], bind(node.args[1]), node.args[2].map(bind)]);
    case 'map':
      return rewrite(
        node,
        node.args.map((entry) => entry.map(bind)),
      );
    case '!_':
    case '-_':
      return rewrite(node, bind(node.args));
    case 'in':
      return rewrite(node, [
        bind(node.args[0]),
        membersNode(node.args[1], environment) ?? bind(node.args[1]),
      ]);
    default:
      return rewrite(node, node.args.map(bind));
  }
}

function factPathOf(node: CelNode): string | undefined {
  const access = accessOf(node);
  if (access === undefined || !isFactRoot(access.root)) return undefined;
  return fieldOf(access.root, access.field) && `${access.root}.${access.field}`;
}

/** A list of texts that is known now, as a set; `undefined` for any other list. */
function membersNode(node: CelNode, environment: CelEnvironment): CelNode | undefined {
  const access = accessOf(node);
  const members = access?.root === 'lists' ? environment.textSets.get(access.field) : literalMembers(node);
  return members && leafNode('""', members, environment);
}

function literalMembers(node: CelNode): TextSet | undefined {
  const texts = node.op === 'list' ? node.args.map(literalText) : [];
  const known = texts.filter((text) => text !== undefined);
  return known.length > 0 && known.length === texts.length ? new TextSet(new Set(known)) : undefined;
}

/** A variable's name or a value, made of a text that is parsed to the same kind of node. */
function leafNode(text: 'x' | '""', args: unknown, { cel }: CelEnvironment): CelNode {
  const { ast } = cel.parse(text);
  rewrite(ast, args);
  return ast;
}
