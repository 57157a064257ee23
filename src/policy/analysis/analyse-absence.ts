import { alternativeRange, alternativeText } from './alternatives';
import { type CelNode, childrenOf, literalText } from '../cel/ast';
import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyProblem } from '../policy';
import { type FactPath, pathOf } from './rule-outline';

/**
 * Rules on Approved that read what may be absent without asking for it, where approvals have an end: a rule that fails then
 * keeps what has ended, if it holds, and revokes nothing, if it revokes. Pure.
 */
export function absentReads(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  if (rules.every(({ parsed }) => parsed.approvals === undefined)) return [];
  return rules
    .filter(({ statuses }) => statuses.includes('approved'))
    .flatMap((rule) => {
      const read = unguarded(rule.condition, new Set());
      if (read === undefined) return [];
      const { text } = read.path;
      const then = rule.effect === 'hold' ? 'approvals stay that have ended' : 'it revokes nothing';
      const asked = /^\w+\.tags\.\w+$|^\w+\.\w+$/.test(text)
        ? `has(${text})`
        : `"${read.path.key ?? ''}" in ${read.path.root}.tags`;
      const message = `rule \`${rule.name}\` reads \`${text}\`, which may be absent; where it is, ${then}: ask \`${asked}\` before`;
      return [problemIn(rule, read.node, message)];
    });
}

/**
 * Rules that reject or delete for no other reason than that a fact is absent: it may be there, and not have been read. Tags by
 * name are none of these: where tags could not be read, to ask for one fails.
 */
export function unreadDecides(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  return rules
    .filter(({ effect }) => effect === 'reject' || effect === 'delete')
    .flatMap((rule) => {
      const way = rule.ways.find((parts) =>
        parts.every(({ node, negated }) => negated && wholeFactAsked(node)),
      );
      if (way === undefined) return [];
      const message = `rule \`${rule.name}\` would ${rule.effect} for no other reason than that \`${alternativeText(way)}\`: a fact is absent, too, when it could not be read; ask for more beside it`;
      return [problemIn(rule, alternativeRange(way), message)];
    });
}

function wholeFactAsked(node: CelNode): boolean {
  const asked = node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
  const path = asked && pathOf(asked);
  return path !== undefined && path.key === undefined;
}

interface Read {
  readonly node: CelNode;
  readonly path: FactPath;
}

/** The first fact that is read although nothing around it says that it is there. `present`: what is known to be there. */
function unguarded(node: CelNode, present: ReadonlySet<string>): Read | undefined {
  if (node.op === 'call' && node.args[0] === 'has') return undefined;
  if (tagAsked(node) !== undefined) return undefined;
  const path = pathOf(node);
  if (path !== undefined) return mayBeAbsent(path) && !present.has(path.text) ? { node, path } : undefined;
  if (node.op === '?:') {
    const [asked, yes, no] = node.args;
    return (
      unguarded(asked, present) ??
      unguarded(yes, withProven(present, [asked], true)) ??
      unguarded(no, withProven(present, [asked], false))
    );
  }
  const inner =
    node.op === '&&' || node.op === '||' ? withProven(present, node.args, node.op === '&&') : present;
  for (const child of childrenOf(node)) {
    const found = unguarded(child, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of endpoint and target, what is read by a call; each tag; and what not every provider sends. */
function mayBeAbsent({ root, field, key }: FactPath): boolean {
  if (!isFactRoot(root)) return false;
  const about = fieldOf(root, field);
  return (
    key !== undefined ||
    (about !== undefined && about.absent !== 'never' && (about.cost !== 'none' || root === 'connection'))
  );
}

function withProven(
  present: ReadonlySet<string>,
  nodes: readonly CelNode[],
  answer: boolean,
): ReadonlySet<string> {
  return new Set([...present, ...nodes.flatMap((node) => provenBy(node, answer))]);
}

/** The facts that are there when a part of a condition answers so. */
function provenBy(node: CelNode, answer: boolean): readonly string[] {
  if (node.op === '!_') return provenBy(node.args, !answer);
  if (node.op === (answer ? '&&' : '||')) return childrenOf(node).flatMap((child) => provenBy(child, answer));
  if (!answer) return [];
  const asked = node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
  const path = (asked && pathOf(asked)) ?? tagAsked(node);
  return path === undefined ? [] : [path.text, `${path.root}.${path.field}`];
}

/** Finds `"cost-center" in target.tags`, which asks for a tag. */
function tagAsked(node: CelNode): FactPath | undefined {
  if (node.op !== 'in') return undefined;
  const [item, list] = node.args;
  const tags = pathOf(list);
  const key = literalText(item)?.toLowerCase();
  if (tags?.field !== 'tags' || tags.key !== undefined || key === undefined) return undefined;
  return { ...tags, text: `${tags.text}.${key}`, key };
}
