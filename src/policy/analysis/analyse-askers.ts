import { type Alternative, alternativeRange, alternativeText, type Part } from './alternatives';
import type { PolicyLists } from '../cel/environment';
import { constantTruth } from '../cel/constant-value';
import { precedence } from '../decide';
import { chosenFacts, idFacts } from './shapes/fact-shapes';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyProblem } from '../policy';
import { possibleTruth } from './possible/possible-truth';
import { factPathsOf } from './rule-outline';

const mostTold = 4;

/**
 * The ways in which a rule approves somebody whose subscription its author does not know: no part of them asks for what
 * such a stranger cannot have. Nothing is told of a rule that says so on purpose, or of strangers whom another rule stops.
 */
export function openToStrangers(rules: readonly KnownRule[], lists: PolicyLists): readonly PolicyProblem[] {
  const meets = (way: Alternative): boolean =>
    way.every(({ node, negated }) => {
      const { canBeTrue, canBeFalse } = possibleTruth(node, { lists, asker: 'stranger' });
      return negated ? canBeFalse : canBeTrue;
    });
  const stoppers = rules.filter(
    ({ condition, effect }) =>
      effect !== 'approve' && !possibleTruth(condition, { lists, asker: 'stranger' }).canBeFalse,
  );
  const isStopped = ({ statuses, effect }: KnownRule): boolean =>
    statuses.every((status) =>
      stoppers.some(
        (other) =>
          other.statuses.includes(status) && precedence.indexOf(other.effect) < precedence.indexOf(effect),
      ),
    );
  return rules
    .filter((rule) => rule.effect === 'approve' && rule.parsed.approvesAnyone?.value !== true)
    .filter((rule) => !isStopped(rule))
    .flatMap((rule) => {
      const open = rule.ways.filter((way) => !isContradiction(way, rule) && meets(way));
      return open.slice(0, mostTold).map((way) => openWay(rule, way));
    });
}

function isContradiction(way: Alternative, { known }: KnownRule): boolean {
  return way.some(({ node, negated }) => constantTruth(node, known) === negated);
}

function openWay(rule: KnownRule, way: Alternative): PolicyProblem {
  const text = shortened(alternativeText(way));
  const where = rule.ways.length === 1 ? '' : ` where \`${text}\``;
  const what = rule.ways.length === 1 ? ` (\`${text}\`)` : '';
  const message = `rule \`${rule.name}\` approves whoever asks${where}${what}: ${reasonOf(way)}; ask for \`endpoint.subscriptionId\` there, or say \`approvesAnyone: true\``;
  return problemIn(rule, alternativeRange(way), message);
}

function reasonOf(way: Alternative): string {
  const facts = way.flatMap(({ node }) => factPathsOf(node)).filter(({ root }) => root !== 'lists');
  const paths = facts.map(({ root, field }) => (field === '' ? root : `${root}.${field}`));
  const read = new Set(paths);
  if (read.size === 0) return 'it asks for nothing';
  const told = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const chosen = [...read].filter((path) => chosenFacts.has(path));
  if ([...read].some((path) => idFacts.has(path) && path.startsWith('endpoint.')))
    return 'requesters name their groups, endpoints and networks, so that an id of theirs can pass';
  if (way.some(keepsOut)) return 'to keep some out lets in whoever is not named';
  if (read.has('endpoint.subscriptionId')) return 'a subscription that you do not know can pass';
  if (chosen.length > 0) return `requesters choose ${told(chosen)} themselves`;
  return `${told([...read].slice(0, 3))} ${read.size === 1 ? 'says' : 'say'} nothing about who asks`;
}

/** `!(… in lists.blocked)`, `… != "…"` */
function keepsOut({ node, negated }: Part): boolean {
  const asksWho = factPathsOf(node).some(
    ({ root, field }) => root === 'endpoint' && field === 'subscriptionId',
  );
  return asksWho && ((negated && (node.op === 'in' || node.op === '==')) || (!negated && node.op === '!='));
}

function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119).replace(/\p{Cs}$/u, '')}…`;
}
