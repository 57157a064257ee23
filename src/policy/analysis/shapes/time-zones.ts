import { nearest } from '../../../base/did-you-mean';
import { type CelNode, childrenOf, literalText } from '../../cel/ast';
import { methods } from '../../cel/functions';
import type { PolicyProblem } from '../../policy';
import { type KnownRule, problemIn } from '../known-rule';

/**
 * Finds time zones in conditions that do not exist: `now.getHours("Europe/Berln")`. A rule that reads one can never be
 * evaluated, so it holds every connection. Pure.
 */
export function unknownTimeZones(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  return rules.flatMap((rule) =>
    zonesIn(rule.condition)
      .filter(({ text }) => !isTimeZone(text))
      .map(({ node, text }) => {
        const near = nearest(text.trim(), Intl.supportedValuesOf('timeZone'));
        const fix =
          near === undefined ? 'write one such as `Europe/Berlin` or `UTC`' : `did you mean \`${near}\`?`;
        const message = `rule \`${rule.name}\` can never be evaluated, and so holds: unknown time zone \`${text.slice(0, 64)}\`: ${fix}`;
        return problemIn(rule, node, message);
      }),
  );
}

interface Zone {
  readonly node: CelNode;
  readonly text: string;
}

function zonesIn(node: CelNode): readonly Zone[] {
  const below = childrenOf(node).flatMap(zonesIn);
  if (node.op !== 'rcall') return below;
  const [name, , [zone]] = node.args;
  return name.startsWith('get') && Object.hasOwn(methods, name) ? [...literalsOf(zone), ...below] : below;
}

/** Returns the literals that an argument may be: both sides of `? :`. */
function literalsOf(node: CelNode | undefined): readonly Zone[] {
  if (node?.op === '?:') return [...literalsOf(node.args[1]), ...literalsOf(node.args[2])];
  const text = literalText(node);
  return node === undefined || text === undefined ? [] : [{ node, text }];
}

/** Tells whether the evaluator takes a text as a time zone: a name of the IANA database, or an offset such as `+02:00`. */
function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
