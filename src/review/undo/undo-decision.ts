import type { AuditRecord } from '../../audit/audit-record';
import { hasCode } from '../../base/errors';
import { sanitize } from '../../base/text';
import { type Answer, namesOf, operatorId } from '../../operations/answer';
import type { ConnectionState } from '../../operations/operation';
import { type RuleDecision, type Standing, standingOf } from './decisions-of-rule';
import { askForReview } from '../queue/review-request';
import { storeAnswer, type StorePorts } from './store-answer';

/** What an operator wants. */
export interface Undo {
  readonly rule: string;
  /** How the approvals are taken back. Where a rejection is refused, or not known to work, the connection is deleted. */
  readonly effect: 'reject' | 'delete';
  /** Who asks, for the record. */
  readonly by: string;
  readonly reason: string;
  /** Whether approvals that other rules made as well are taken back, too. */
  readonly takesShared: boolean;
}

/** The outcome of one request: it is stored and recorded, or the connection stands in another way by now. */
export type UndoResult =
  { readonly kind: 'asked' } | { readonly kind: 'not asked'; readonly standing: Standing };

const mostTries = 3;

/**
 * Asks the app to take one approval back, as an answer in the console does: the request is stored in the connection's
 * row with its audit record, then recorded, then a review is queued. That review decides again whether the request
 * counts, and carries it out through limits, operation and proof. Nothing is sent to Azure here. To ask twice is to ask
 * once; an approval that was decided again is not touched.
 * @throws PosternError STORE_UNAVAILABLE, LEDGER_UNAVAILABLE; STORE_CONFLICT if others keep changing the row
 */
export async function undoDecision(ports: StorePorts, found: RuleDecision, undo: Undo): Promise<UndoResult> {
  for (let tries = 1; ; tries += 1) {
    const row = await ports.operations.get(found.connection);
    const standing = standingOf(found.decided, found.otherRules, row);
    const isWanted = standing === 'approved' || (standing === 'shared' && undo.takesShared);
    if (row === undefined || !isWanted) return { kind: 'not asked', standing };
    try {
      await storeAnswer(ports, row, {
        answer: requestOf(row, found.decided, { undo, at: ports.clock.now().toISOString() }),
        because: 'an operator takes an approval back',
      });
      return { kind: 'asked' };
    } catch (error) {
      if (!hasCode(error, 'STORE_CONFLICT') || tries === mostTries) throw error;
    }
  }
}

/**
 * Asks again for what is stored already: the process that stored it may have died before it recorded it, or before it
 * queued the review.
 * @throws PosternError as `undoDecision`
 */
export async function askAgain(ports: StorePorts, { row, connection }: RuleDecision): Promise<void> {
  const because = 'an operator takes an approval back';
  const { answer } = row ?? {};
  if (row !== undefined && answer?.untold !== undefined) return storeAnswer(ports, row, { answer, because });
  await askForReview(ports, { target: connection.target, because, origin: 'answer', traceId: undefined });
}

function requestOf(
  row: ConnectionState,
  decided: AuditRecord,
  { undo, at }: { readonly undo: Undo; readonly at: string },
): Answer {
  const { decisionId = '' } = decided;
  const name = sanitize(undo.by, 100);
  const reason = sanitize(undo.reason, 500);
  const given = { oid: operatorId, name, principals: [operatorId], reason, at };
  const answer: Answer = {
    decisionId,
    undoes: undo.rule,
    seen: '',
    effect: undo.effect,
    given: [given],
  };
  return { ...answer, untold: [...(row.answer?.untold ?? []), answeredRecord(row, decided, { answer, at })] };
}

function answeredRecord(
  { status, firstSeen }: ConnectionState,
  decided: AuditRecord,
  { answer, at }: { readonly answer: Answer; readonly at: string },
): AuditRecord {
  const { version, decisionId, target, targetType, connection, endpoint, endpointTenantId, mode } = decided;
  return {
    version,
    id: `${decisionId}|answered|${operatorId}|${at}`,
    kind: 'answered',
    at,
    decisionId,
    target,
    targetType,
    connection,
    endpoint,
    endpointTenantId,
    mode,
    status: sanitize(status),
    firstSeen,
    effect: answer.effect,
    rules: [],
    reason: answer.given[0]?.reason,
    by: sanitize(namesOf(answer)),
    answers: decisionId,
  };
}
