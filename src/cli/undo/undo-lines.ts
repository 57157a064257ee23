import { profileOf } from '../../connections/target-type';
import { isHeldByLimit } from '../../operations/operation';
import { whyDeleted } from '../../policy/target-safety';
import { canBeRevived, type RuleDecision, type Standing } from '../../review/undo/decisions-of-rule';
import type { Undo } from '../../review/undo/undo-decision';
import { counted, shortened } from '../output';
import { wrapped } from '../show/wrap';

/** What is listed. */
export interface Listing {
  readonly since: Date;
  readonly wanted: Undo;
  readonly found: readonly RuleDecision[];
  /** What is known about the policy. */
  readonly notes: readonly string[];
}

/** The most connections that are listed of each kind. */
const mostShown = 100;

/** Formats the decisions of a rule, by how they stand; ids are on lines of their own. */
export function decisionLines({ since, wanted, found, notes }: Listing): readonly string[] {
  const head = `${counted(found.length, 'connection')} decided by ${wanted.rule} since ${since.toISOString()}`;
  const groups = standings.flatMap((standing) => {
    const those = found.filter((each) => each.standing === standing);
    return those.length === 0 ? [] : [{ standing, those }];
  });
  return [
    ...wrapped(head, 80),
    ...notes.flatMap((note) => wrapped(note, 80)),
    ...groups.flatMap(({ standing, those }) => [
      '',
      `${headings[standing]}: ${those.length}`,
      ...those.slice(0, mostShown).flatMap((each) => linesOf(each, wanted)),
      ...(those.length > mostShown ? [`and ${those.length - mostShown} more; --json lists all`] : []),
    ]),
  ];
}

const standings = [
  'approved',
  'shared',
  'asked',
  'under way',
  'changed',
  'ended',
  'rejected',
  'gone',
] as const;

const headings: Readonly<Record<Standing, string>> = {
  approved: 'Approved, can be taken back',
  shared: 'Approved by other rules, too; taken back only with --shared',
  asked: 'Asked to be taken back',
  'under way': 'A write is under way; run this again later',
  changed: 'Approved by a person or another decision; not touched',
  ended: 'Not Approved any more',
  rejected: 'Rejected; an undo approves nothing',
  gone: 'Gone',
};

function linesOf(each: RuleDecision, wanted: Undo): readonly string[] {
  const { decided, connection, otherRules } = each;
  const also = otherRules.length === 0 ? '' : ` (also by ${otherRules.join(', ')})`;
  const endpoint = decided.endpoint?.split('/').at(-1) ?? connection.name;
  return [
    shortened(`${decided.at}  ${connection.target.name}/${endpoint}${also}`, 80),
    ...followLines(each, wanted),
    `  ${connection.id}`,
  ];
}

function followLines(each: RuleDecision, wanted: Undo): readonly string[] {
  const follows = consequenceOf(each, wanted);
  return follows === undefined ? [] : wrapped(follows, 78).map((line) => `  ${line}`);
}

/** Says what follows for a connection; `undefined` if nothing does. */
export function consequenceOf(each: RuleDecision, { effect }: Undo): string | undefined {
  const { connection, standing, row } = each;
  const { label } = profileOf(connection.target.type);
  const why = whyDeleted(connection.target.type);
  switch (standing) {
    case 'approved':
    case 'shared':
      return effect === 'delete' || why !== undefined
        ? `would be deleted${why === undefined || effect === 'delete' ? '' : `, because ${why}`}: traffic ends, and the requester must create the endpoint again`
        : `would be rejected: traffic ends${canBeRevived(each) ? '' : ', and the requester must create the endpoint again'}`;
    case 'rejected':
      return canBeRevived(each)
        ? `to let it in, change the policy: ${label} accepts a rejected connection again, by a rule on Rejected`
        : 'final: the requester must create the endpoint again';
    case 'asked':
      return row?.operation !== undefined && isHeldByLimit(row.operation)
        ? 'waits until a person lifts the limit: postern lift revocations --yes'
        : undefined;
    default:
      return undefined;
  }
}

/** Converts a decision to JSON. */
export function plainDecision(each: RuleDecision, wanted: Undo): object {
  const { connection, decided, otherRules, standing, row } = each;
  return {
    connection: connection.id,
    endpoint: decided.endpoint,
    decidedAt: decided.at,
    decisionId: decided.decisionId,
    effect: decided.effect,
    otherRules,
    standing,
    status: row?.status,
    follows: consequenceOf(each, wanted),
  };
}
