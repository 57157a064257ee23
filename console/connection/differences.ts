import type { ConnectionView, SawFact } from '../../src/console/api';

/** Something that is not as it was. Absent: it was not there. */
export interface Difference {
  readonly what: string;
  readonly before?: string;
  readonly now?: string;
}

/**
 * Compares two views of a connection by what a person decides on: what is asked, what the policy says,
 * and the values that its rules read. Pure.
 */
export function differencesBetween(before: ConnectionView, now: ConnectionView): readonly Difference[] {
  const [old, fresh] = [contentsOf(before), contentsOf(now)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((what) => ({ what, before: old.get(what), now: fresh.get(what) }))
    .filter((each) => each.before !== each.now)
    .map(({ what, before: was, now: is }) => ({
      what,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { now: is }),
    }));
}

function contentsOf(view: ConnectionView): ReadonlyMap<string, string> {
  const { connection, target, endpoint, answer, operation } = view;
  const entries: (readonly [string, string | undefined])[] = [
    ['Status', connection.status],
    ["The requester's words", connection.message],
    ['Groups', connection.groupIds.join(', ')],
    ['Target', target.id],
    ['Endpoint', endpoint?.id],
    ['Requester', view.requesterProof],
    ['Announced by', view.expected?.by],
    ['Lists with the requester', view.inLists.join(', ')],
    ['What the policy says', view.effect],
    ['Reason', view.reason],
    ['Deciding rules', rulesOf(view, ({ decided }) => decided)],
    ['Rules that could not be evaluated', rulesOf(view, ({ outcome }) => outcome === 'failed')],
    ['Mode', view.mode],
    ['Version of the policy', view.policyDigest.slice(0, 12)],
    ['Answer', answer && `${answer.effect} by ${answer.answers.map(({ name }) => name).join(', ')}`],
    ['Operation', operation && `${operation.effect}, ${operation.state}, attempt ${operation.attempt}`],
    ...view.rules.flatMap(({ saw }) => saw.map((fact) => [fact.fact, valueInWords(fact)] as const)),
  ];
  return new Map(
    entries.flatMap(([what, text]) => (text === undefined || text === '' ? [] : [[what, text] as const])),
  );
}

function rulesOf(
  { rules }: ConnectionView,
  isWanted: (rule: ConnectionView['rules'][number]) => boolean,
): string {
  return rules
    .filter(isWanted)
    .map(({ rule }) => rule)
    .join(', ');
}

/** Returns a value that a rule read as text: JSON, or `absent`. */
export function valueInWords(fact: SawFact): string {
  return 'absent' in fact ? 'absent' : JSON.stringify(fact.value);
}
