import { sha256Hex } from '../../base/digest';
import type { FactPath } from '../cel/fact-paths';
import { isFactRoot } from '../facts/fact-fields';
import { viewFacts } from '../facts/fact-view';
import type { Facts } from '../facts/facts';

/** Facts that change by themselves: with them, every answer would soon be void. */
function changesByItself({ root, text }: FactPath): boolean {
  return root === 'now' || root === 'lists' || root === 'consumer' || text === 'connection.firstSeen';
}

/**
 * Computes a digest of what the rules of a policy read about a connection, 32 hexadecimal digits: a person
 * who answers has seen these values. Time, the age of the connection and the numbers of connections are left
 * out, and so are lists: what they say is in the decision. Pure.
 */
export function digestOfSeen(paths: readonly FactPath[], facts: Facts, now: Date): string {
  const viewed = viewFacts(facts, now);
  if (viewed.kind === 'refused') return sha256Hex(JSON.stringify(['refused', viewed.problem]), 32);
  const { view } = viewed;
  const texts = new Map<string, unknown>();
  for (const path of paths) {
    if (changesByItself(path) || !isFactRoot(path.root)) continue;
    const value = view[path.root][path.field];
    const found: unknown = path.key !== undefined && value instanceof Map ? value.get(path.key) : value;
    texts.set(path.text, plain(found));
  }
  const sorted = [...texts].sort(([one], [other]) => (one < other ? -1 : 1));
  return sha256Hex(JSON.stringify(sorted), 32);
}

/** Converts a value so that equal values have the same JSON, and an absent one differs from each. */
function plain(value: unknown): unknown {
  if (value === undefined) return { absent: true };
  if (typeof value === 'bigint') return { int: String(value) };
  if (value instanceof Map)
    return { map: [...value].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)) };
  return value;
}
