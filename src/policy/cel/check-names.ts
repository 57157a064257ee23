import { fixFor, nearest } from '../../base/did-you-mean';
import { factFields, factRoots, fieldsOf, isFactRoot } from '../facts/fact-fields';
import {
  accessOf,
  type CelNode,
  type CelProblem,
  childrenOf,
  iterationOf,
  literalText,
  namePlace,
} from './ast';
import { functions, methods } from './functions';
import { bracketFix, hasFix, tagWithDashes } from '../facts/tag-names';
import type { PatternKind, Patterns } from './patterns';

/** What `checkNames` needs to know about the policy. */
export interface NameContext {
  readonly listNames: ReadonlySet<string>;
  readonly patterns: Patterns;
  /**
   * Describes what is wrong with the text of a `timestamp` or `duration` literal. Undefined if it
   * is valid.
   */
  readonly literalProblem: (kind: 'timestamp' | 'duration', text: string) => string | undefined;
}

/**
 * Checks the names in a condition, where the type checker finds nothing or reports it badly:
 * unknown facts (also in `has()`), fact groups used as values, unsupported functions, and patterns
 * and durations that are not literals. Registers the patterns of the condition in
 * `context.patterns`.
 */
export function checkNames(root: CelNode, context: NameContext): CelProblem[] {
  const checker = new NameChecker(context);
  checker.visit(root, new Set());
  return checker.problems;
}

class NameChecker {
  readonly problems: CelProblem[] = [];

  constructor(private readonly context: NameContext) {}

  visit(node: CelNode, scope: ReadonlySet<string>): void {
    const access = accessOf(node);
    if (access !== undefined && !scope.has(access.root) && isRoot(access.root))
      return this.checkAccess(node, access);
    if (
      node.op === '[]' &&
      node.args[0].op === 'id' &&
      isRoot(node.args[0].args) &&
      !scope.has(node.args[0].args)
    ) {
      return this.add(node, `use a dot: write \`${node.args[0].args}.<name>\``);
    }
    if (node.op === 'id') return this.checkVariable(node, node.args, scope);
    if (node.op === 'call' && node.args[0] === 'has' && !isHasArgument(node.args[1], scope)) {
      return this.add(node, hasFix(node.args[1]));
    }
    const tag = node.op === '-' ? tagWithDashes(node) : undefined;
    if (tag !== undefined) return this.add(node, bracketFix(tag));
    if (node.op === 'call') this.checkCall(node);
    if (node.op === 'rcall') this.checkMethod(node);
    const iteration = iterationOf(node);
    if (iteration === undefined) return childrenOf(node).forEach((child) => this.visit(child, scope));
    this.visit(iteration.range, scope);
    const inner = this.declare(iteration.variable, scope);
    iteration.bodies.forEach((body) => this.visit(body, inner));
  }

  private checkAccess(node: CelNode, { root: name, field }: { root: string; field: string }): void {
    if (name === 'lists') {
      if (this.context.listNames.has(field)) return;
      const message = `unknown list \`${field}\`: ${fixFor(field, this.context.listNames)}`;
      this.problems.push({ ...namePlace(node, field), message, unknownList: true });
      return;
    }
    if (!isFactRoot(name) || Object.hasOwn(factFields[name], field)) return;
    this.add(
      namePlace(node, field),
      `\`${name}\` has no \`${field}\`: ${fixFor(field, Object.keys(fieldsOf(name)))}`,
    );
  }

  private checkVariable(node: CelNode, name: string, scope: ReadonlySet<string>): void {
    if (scope.has(name) || name === 'now') return;
    if (isRoot(name)) return this.add(node, `\`${name}\` is not a value: write \`${name}.<name>\``);
    const owner = factRoots.find((root) => Object.hasOwn(factFields[root], name));
    const word = wordOperators[name.toLowerCase()];
    if (word !== undefined) return this.add(node, `write \`${word}\` instead of \`${name}\``);
    if (owner !== undefined)
      return this.add(node, `unknown name \`${name}\`: did you mean \`${owner}.${name}\`?`);
    if (this.context.listNames.has(name))
      return this.add(node, `unknown name \`${name}\`: did you mean \`lists.${name}\`?`);
    const near = nearest(name, [...factRoots, 'lists', 'now']);
    const fix = near === undefined ? variableFix : `did you mean \`${near}\`?`;
    this.add(node, `unknown name \`${name}\`: ${fix}`);
  }

  private checkCall(node: CelNode & { op: 'call' }): void {
    const [name, args] = node.args;
    if (!Object.hasOwn(functions, name)) {
      const as = Object.hasOwn(methods, name)
        ? `call it on the text: \`${methods[name]?.usage}\``
        : fixFor(name, Object.keys(functions));
      return this.add(namePlace(node, name), `unknown function \`${name}\`: ${as}`);
    }
    if (name === 'duration' || name === 'timestamp') return this.checkTime(node, name, args[0]);
    if (name === 'ticket') this.checkPattern(args[1], ['ticket'], node);
    const glob = name === 'glob' ? literalText(args[1]) : undefined;
    if (glob !== undefined && args[1] !== undefined) this.checkPattern(args[1], ['glob'], node);
  }

  private checkTime(node: CelNode, kind: 'timestamp' | 'duration', argument: CelNode | undefined): void {
    const text = literalText(argument);
    if (text === undefined) {
      if (kind === 'duration')
        this.add(node, '`duration()` takes only a literal, such as `duration("168h")`');
      return;
    }
    const problem = this.context.literalProblem(kind, text);
    if (problem !== undefined && argument !== undefined) this.add(argument, problem);
  }

  private checkMethod(node: CelNode & { op: 'rcall' }): void {
    const [name, , args] = node.args;
    if (!Object.hasOwn(methods, name)) {
      const as = Object.hasOwn(functions, name)
        ? `write \`${functions[name]?.usage}\``
        : fixFor(name, Object.keys(methods));
      return this.add(namePlace(node, name), `unknown function \`${name}\`: ${as}`);
    }
    if (name === 'matches') this.checkPattern(args[0], ['matches', 'matchesWithoutCase'], node);
  }

  private checkPattern(argument: CelNode | undefined, kinds: readonly PatternKind[], node: CelNode): void {
    const pattern = literalText(argument);
    if (argument === undefined) return;
    if (pattern === undefined)
      return this.add(node, 'the pattern must be a literal, so that it can be checked when the policy loads');
    for (const kind of kinds) {
      const problem = this.context.patterns.add(kind, pattern);
      if (problem !== undefined) return this.add(argument, problem);
    }
  }

  private declare(variable: CelNode, scope: ReadonlySet<string>): ReadonlySet<string> {
    if (variable.op !== 'id') return scope;
    if (isRoot(variable.args) || variable.args === 'now') {
      this.add(variable, `\`${variable.args}\` is a fact: give the variable another name`);
    }
    return new Set([...scope, variable.args]);
  }

  private add(place: { readonly start: number; readonly end: number }, message: string): void {
    this.problems.push({ start: place.start, end: place.end, message });
  }
}

const variableFix =
  'put text in quotes; facts are `connection.…`, `endpoint.…`, `target.…`, `consumer.…`, `lists.…` and `now`';
const wordOperators: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

function isRoot(name: string): boolean {
  return name === 'lists' || isFactRoot(name);
}

/** Returns whether the arguments of `has()` are one path that starts with a fact. */
function isHasArgument(args: readonly CelNode[], scope: ReadonlySet<string>): boolean {
  let inner = args[0];
  while (inner?.op === '.') inner = inner.args[0];
  const [only] = args;
  if (args.length !== 1 || only?.op !== '.' || inner?.op !== 'id') return false;
  return isFactRoot(inner.args) && !scope.has(inner.args);
}
