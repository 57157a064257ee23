import { sanitize } from '../../../base/text';
import type { Facts } from '../../../policy/facts/facts';
import type { Decided, Estate } from '../../../suggest/estate/estate';
import { factsOf } from '../../../suggest/estate/facts-of';
import { type DecidedCell, decideCells, decidedAt } from '../../../suggest/report/assessment';
import type { Suggestion } from '../../../suggest/suggest';
import type { FactsInput } from '../../facts/facts-input';
import { type Attack, lookAlikesOf, strangersLike } from './attacks';
import { caseFacts } from './case-facts';

/** One test case of a suggested policy. */
export interface SuggestedCase {
  readonly name: string;
  readonly facts: FactsInput;
  readonly effect: 'approve' | 'hold';
  readonly rule: readonly string[];
}

const mostOfRule = 3;
const mostHeld = 5;

/**
 * Makes test cases for a suggestion: real approvals of each rule, real rejections that stay held, and attacks on each rule.
 * Examples differ in requester and target as far as there are such. Pure.
 *
 * @throws TypeError if the policy approves a stranger, which it must not
 */
export function makeCases(estate: Estate, suggestion: Suggestion): readonly SuggestedCase[] {
  const decided = decideCells(estate, suggestion);
  const context = { estate, suggestion, tags: tagsRead(suggestion) };
  const rules = suggestion.rules.flatMap((rule) => {
    const own = decided.filter(({ rules: names }) => names.includes(rule.name));
    const examples = plainExamples(context, own, 'approved').slice(0, mostOfRule);
    return [
      ...examples.map((example) => ({ ...example, effect: 'approve' as const })),
      ...examples.slice(0, 1).flatMap(({ real }) => attacksOn(context, { rule, real })),
    ];
  });
  const held = decided.filter(({ rules: names }) => names.length === 0);
  const rejected = plainExamples(context, held, 'rejected').slice(0, mostHeld);
  return [...rules, ...rejected.map((example) => ({ ...example, effect: 'hold' as const }))].map(
    ({ name, facts, effect, rule }) => ({ name, facts, effect, rule }),
  );
}

interface Context {
  readonly estate: Estate;
  readonly suggestion: Suggestion;
  /** The names of the tags that some rule reads. */
  readonly tags: ReadonlySet<string>;
}

function tagsRead({ rules }: Suggestion): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ target }) => target.flatMap(({ fact }) => (fact.kind === 'tag' ? [fact.tag] : []))),
  );
}

interface RealExample {
  readonly name: string;
  readonly facts: FactsInput;
  readonly rule: readonly string[];
  readonly real: Facts;
}

/**
 * Lists one example of each cell. The first ones have requesters and targets that no earlier one has. Leaves out examples
 * with invisible characters, which a person could not read.
 */
function plainExamples(
  { estate, tags }: Context,
  decided: readonly DecidedCell[],
  verdict: Decided,
): readonly RealExample[] {
  const seen = new Set<string>();
  const [fresh, others]: [RealExample[], RealExample[]] = [[], []];
  for (const { cell, rules } of decided) {
    const [example] = cell.examples[verdict];
    if (example === undefined || fresh.length >= mostHeld) continue;
    const real = factsOf(estate, cell, example);
    const facts = caseFacts(real, tags);
    if (!isPlain(facts)) continue;
    const { endpoint, target } = real;
    const keys = [`from ${endpoint?.subscriptionId.toLowerCase()}`, `for ${target.id.toLowerCase()}`];
    const name = `${verdict} by people: ${endpoint?.name} of ${endpoint?.subscriptionId} for ${target.name}`;
    const found = { name, facts, rule: rules, real };
    if (keys.some((key) => seen.has(key))) others.push(found);
    else fresh.push(found);
    for (const key of keys) seen.add(key);
  }
  return [...fresh, ...others.slice(0, mostHeld)];
}

function isPlain(facts: FactsInput): boolean {
  const text = JSON.stringify(facts);
  return sanitize(text, text.length + 1) === text && !/\\u[0-9a-f]{4}|\\[bfnrt]/i.test(text);
}

function attacksOn(
  { estate, suggestion, tags }: Context,
  { rule, real }: { readonly rule: Suggestion['rules'][number]; readonly real: Facts },
): readonly SuggestedCase[] {
  const stranger = nobodysSubscription(estate);
  const isApproved = ({ facts }: Attack): boolean =>
    suggestion.policy.decide(facts, decidedAt)?.effect === 'approve';
  const strangers = strangersLike(rule, real, stranger);
  const passed = strangers.find(isApproved);
  if (passed !== undefined) throw new TypeError(`the suggested policy approves a stranger: ${passed.name}`);
  // Another rule may approve a look-alike rightly: a target without the tag, for somebody else.
  const lookAlikes = lookAlikesOf(rule, real, stranger).filter((attack) => !isApproved(attack));
  return [...strangers, ...lookAlikes]
    .map(({ name, facts }) => ({ name, facts: caseFacts(facts, tags), effect: 'hold' as const, rule: [] }))
    .filter(({ facts }) => isPlain(facts));
}

/** Returns a subscription that does not occur in the estate. */
function nobodysSubscription({ requesters, targets }: Estate): string {
  const known = new Set(
    [
      ...requesters.map(({ subscriptionId }) => subscriptionId),
      ...targets.map(({ facts }) => facts.subscriptionId),
    ].map((id) => id.toLowerCase()),
  );
  const free = Array.from({ length: known.size + 1 }, (_, index) => index)
    .map((index) => `5eed0000-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`)
    .find((id) => !known.has(id));
  if (free === undefined) throw new TypeError('every made-up subscription is known');
  return free;
}
