import { alternativeRange, alternativeText } from './alternatives';
import { type CelNode, childrenOf, literalText } from '../cel/ast';
import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyProblem } from '../policy';
import { type FactPath, pathOf } from './rule-outline';

/**
 * Finds rules on Approved that read a fact that may be absent without checking for it, in policies
 * whose approvals expire. If the fact is absent, such a rule fails: then expired approvals stay,
 * and nothing is revoked. Pure.
 */
export function absentReads(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  if (rules.every(({ parsed }) => parsed.approvals === undefined)) return [];
  return rules
    .filter(({ statuses }) => statuses.includes('approved'))
    .flatMap((rule) => {
      const read = unguarded(rule.condition, new Set());
      if (read === undefined) return [];
      const { text } = read.path;
      const then = rule.effect === 'hold' ? 'expired approvals stay' : 'it revokes nothing';
      const check = /^\w+\.tags\.\w+$|^\w+\.\w+$/.test(text)
        ? `has(${text})`
        : `"${read.path.key ?? ''}" in ${read.path.root}.tags`;
      const message = `rule \`${rule.name}\` reads \`${text}\`, which may be absent; if it is, ${then}: check \`${check}\` first`;
      return [problemIn(rule, read.node, message)];
    });
}

/**
 * Finds rules that reject or delete only because a fact is absent: the fact may exist and not have
 * been read. Does not report single tags, because checking for a tag fails if the tags could not be
 * read. Pure.
 */
export function absenceDecides(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  return rules
    .filter(({ effect }) => effect === 'reject' || effect === 'delete')
    .flatMap((rule) => {
      const way = rule.ways.find((parts) =>
        parts.every(({ node, negated }) => negated && isCheckOfWholeFact(node)),
      );
      if (way === undefined) return [];
      const message = `rule \`${rule.name}\` would ${rule.effect} only because of \`${alternativeText(way)}\`: a fact is also absent if it could not be read; check something else as well`;
      return [problemIn(rule, alternativeRange(way), message)];
    });
}

function isCheckOfWholeFact(node: CelNode): boolean {
  const asked = node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
  const path = asked && pathOf(asked);
  return path !== undefined && path.key === undefined;
}

interface Read {
  readonly node: CelNode;
  readonly path: FactPath;
}

/**
 * Finds the first fact that is read without a check that it is present.
 *
 * @param present the facts that are known to be present
 */
function unguarded(node: CelNode, present: ReadonlySet<string>): Read | undefined {
  if (node.op === 'call' && node.args[0] === 'has') return undefined;
  if (tagCheckedIn(node) !== undefined) return undefined;
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

/**
 * Returns whether a fact may be absent: one that costs a call, a single tag, or one that not every
 * provider sends.
 */
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

/** Returns the facts that are present if a part of a condition yields `answer`. */
function provenBy(node: CelNode, answer: boolean): readonly string[] {
  if (node.op === '!_') return provenBy(node.args, !answer);
  if (node.op === (answer ? '&&' : '||')) return childrenOf(node).flatMap((child) => provenBy(child, answer));
  if (!answer) return [];
  const asked = node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
  const path = (asked && pathOf(asked)) ?? tagCheckedIn(node);
  return path === undefined ? [] : [path.text, `${path.root}.${path.field}`];
}

/** Returns the tag that `"cost-center" in target.tags` checks for, undefined for any other node. */
function tagCheckedIn(node: CelNode): FactPath | undefined {
  if (node.op !== 'in') return undefined;
  const [item, list] = node.args;
  const tags = pathOf(list);
  const key = literalText(item)?.toLowerCase();
  if (tags?.field !== 'tags' || tags.key !== undefined || key === undefined) return undefined;
  return { ...tags, text: `${tags.text}.${key}`, key };
}
