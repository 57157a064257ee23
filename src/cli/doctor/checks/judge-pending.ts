import type { AuditRecord } from '../../../audit/audit-record';
import type { ConnectionId } from '../../../connections/resource-id';
import { isHeldByLimit, type Operation, type Sighting } from '../../../operations/operation';
import { limitedKindOf } from '../../../review/limits/write-limit';
import { problem, warning, type Finding } from '../finding';
import { ageText, secondsSince } from '../text';

export interface PendingFacts {
  readonly connection: ConnectionId;
  /** What Postern knows of it as Pending; absent when it never saw it so. */
  readonly sighting: Sighting | undefined;
  /** The decision that stands; absent when there is none, or it cannot be read. */
  readonly decided: AuditRecord | undefined;
}

/** Why a connection is still Pending, and whether that is as it should be. */
export function judgePending({ connection, sighting, decided }: PendingFacts, now: Date): Finding {
  const place = connection.id;
  if (sighting === undefined) {
    const mend = 'if it is not new: is its target in a watched subscription, and does the sweep run?';
    return warning(place, 'never seen by Postern as Pending', mend);
  }
  const since = `Pending for ${ageText(secondsSince(sighting.firstSeen, now))}`;
  const { operation, decisionId } = sighting;
  if (operation !== undefined && operation.decisionId === decisionId)
    return judgeOperation({ place, since }, operation);
  if (sighting.unclear !== undefined && decisionId === undefined)
    return warning(place, `${since}, and could not be decided: ${sighting.unclear.why}`);
  if (decisionId === undefined)
    return problem(place, `${since}, seen and not decided`, 'does the policy load, and does the app run?');
  if (decided === undefined) return warning(place, `${since}, decided; the ledger has no record of it`);
  return judgeDecision({ place, since }, decided);
}

interface Told {
  readonly place: string;
  readonly since: string;
}

function judgeDecision(
  { place, since }: Told,
  { effect, mode, rules = [], reason = '' }: AuditRecord,
): Finding {
  const by = rules.length === 0 ? 'no rule' : rules.join(', ');
  if (effect === 'hold')
    return warning(place, `${since}, held by ${by}: ${reason}`, 'a person must answer, or a rule be written');
  if (mode === 'audit')
    return warning(place, `${since}, would ${effect} (${by}), in audit mode`, 'enforce writes');
  return problem(place, `${since}, ${effect} decided (${by}), and nothing is under way`, retry(place));
}

function judgeOperation({ place, since }: Told, operation: Operation): Finding {
  const { effect, state, attempt, error, retryAt, dueAt, limit } = operation;
  if (isHeldByLimit(operation)) {
    const kind = limitedKindOf(operation);
    const message = `${since}, ${effect} held by the limit of ${kind} since ${limit?.heldAt ?? '?'}`;
    return warning(place, message, `postern lift ${kind} --yes`);
  }
  switch (state) {
    case 'planned':
    case 'running':
      return warning(place, `${since}, ${effect} ${state}; its next look is due at ${dueAt ?? '?'}`);
    case 'abandoned':
      return problem(place, `${since}, ${effect} given up: ${error ?? 'cause unknown'}`, retry(place));
    case 'failed':
    case 'expired': {
      const next = retryAt === undefined ? '' : `; tried again after ${retryAt}`;
      return warning(place, `${since}, ${effect} ${state} at attempt ${attempt}: ${error ?? '?'}${next}`);
    }
    case 'applied':
    case 'superseded':
      return problem(place, `${since}, and its ${effect} counts as ${state}`, retry(place));
  }
}

function retry(id: string): string {
  return `postern retry ${id}`;
}
