import { type Alternative, alternativeRange, alternativeText, type Part } from './alternatives';
import type { PolicyLists } from '../cel/environment';
import { constantValue } from '../cel/constant-value';
import { precedence } from '../decide';
import { chosenFacts, idFacts } from './shapes/fact-shapes';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyProblem } from '../policy';
import { coversTypes } from '../rule-types';
import { possibleTruth } from './possible/possible-truth';
import { factPathsOf } from './rule-outline';

const maxReported = 4;

/**
 * Finds the ways in which a rule approves strangers: requesters whose subscription the author does
 * not know. In such a way no part requires something that a stranger cannot have. Does not report
 * rules with `approvesAnyone`, nor strangers whom another rule stops. Pure.
 */
export function openToStrangers(rules: readonly KnownRule[], lists: PolicyLists): readonly PolicyProblem[] {
  const canPass = (way: Alternative): boolean =>
    way.every(({ node, negated }) => {
      const { canBeTrue, canBeFalse } = possibleTruth(node, { lists, requester: 'stranger' });
      return negated ? canBeFalse : canBeTrue;
    });
  const stoppers = rules.filter(
    ({ condition, effect }) =>
      effect !== 'approve' && !possibleTruth(condition, { lists, requester: 'stranger' }).canBeFalse,
  );
  const isStopped = ({ statuses, effect, types }: KnownRule): boolean =>
    statuses.every((status) =>
      stoppers.some(
        (other) =>
          other.statuses.includes(status) &&
          coversTypes(other.types, types) &&
          precedence.indexOf(other.effect) < precedence.indexOf(effect),
      ),
    );
  return rules
    .filter((rule) => rule.effect === 'approve' && rule.parsed.approvesAnyone?.value !== true)
    .filter((rule) => !isStopped(rule))
    .flatMap((rule) => {
      const open = rule.ways.filter((way) => !isContradiction(way, rule) && canPass(way));
      return open.slice(0, maxReported).map((way) => openWay(rule, way));
    });
}

function isContradiction(way: Alternative, { known }: KnownRule): boolean {
  return way.some(({ node, negated }) => constantValue(node, known) === negated);
}

function openWay(rule: KnownRule, way: Alternative): PolicyProblem {
  const text = shortened(alternativeText(way));
  const where = rule.ways.length === 1 ? '' : ` where \`${text}\``;
  const what = rule.ways.length === 1 ? ` (\`${text}\`)` : '';
  const message = `rule \`${rule.name}\` approves whoever asks${where}${what}: ${reasonOf(way)}; check \`endpoint.subscriptionId\` there, or set \`approvesAnyone: true\``;
  return problemIn(rule, alternativeRange(way), message);
}

function reasonOf(way: Alternative): string {
  const facts = way.flatMap(({ node }) => factPathsOf(node)).filter(({ root }) => root !== 'lists');
  const paths = facts.map(({ root, field }) => (field === '' ? root : `${root}.${field}`));
  const read = new Set(paths);
  if (read.size === 0) return 'it checks nothing';
  const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const chosen = [...read].filter((path) => chosenFacts.has(path));
  if ([...read].some((path) => idFacts.has(path) && path.startsWith('endpoint.')))
    return 'requesters choose the names of their groups, endpoints and networks, so that an id of theirs can pass';
  if (read.has('endpoint.tenant') && !read.has('endpoint.subscriptionId'))
    return "a tenant of Microsoft stands for its services, whichever customer uses them, and `other` for everybody else's";
  if (way.some(excludesSome)) return 'excluding some requesters lets all others pass';
  if (read.has('endpoint.subscriptionId')) return 'a subscription that you do not know can pass';
  if (chosen.length > 0) return `requesters choose ${quoted(chosen)} themselves`;
  return `${quoted([...read].slice(0, 3))} ${read.size === 1 ? 'says' : 'say'} nothing about who asks`;
}

/** Returns whether a part excludes requesters: `!(… in lists.blocked)`, `… != "…"`. */
function excludesSome({ node, negated }: Part): boolean {
  const readsSubscription = factPathsOf(node).some(
    ({ root, field }) => root === 'endpoint' && field === 'subscriptionId',
  );
  return (
    readsSubscription &&
    ((negated && (node.op === 'in' || node.op === '==')) || (!negated && node.op === '!='))
  );
}

function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119).replace(/\p{Cs}$/u, '')}…`;
}
