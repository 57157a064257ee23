import type { AuditRecord } from '../../audit/audit-record';
import { dayOf } from '../../base/clock';
import { sanitize } from '../../base/text';
import { describeError, type ArmError } from '../../base/errors';
import type { UnreadSubscription } from './connection-finder';
import { digest } from '../records';
import type { FinishedSweep } from './journal';
import type { PolicyInForce } from './open-operations';

export interface SweepContext {
  readonly now: Date;
  readonly policy: PolicyInForce;
  readonly traceId: string | undefined;
}

/** A sweep saw everything. That none comes for long is worth an alert; the counts are worth a chart. */
export function sweptRecord(context: SweepContext, sweep: FinishedSweep): AuditRecord {
  return {
    ...recordOf(context),
    id: `sweep|${sweep.startedAt}`,
    kind: 'swept',
    reason: countsOf(sweep),
  };
}

/** Always the same words, so that a query can take the numbers out again. */
export function countsOf(counts: Omit<FinishedSweep, 'startedAt' | 'finishedAt'>): string {
  const { source, connections, targets, asked, inHand, woken, unread } = counts;
  return (
    `source=${source} connections=${connections} targets=${targets} asked=${asked} inHand=${inHand} ` +
    `woken=${woken} unread=${unread}`
  );
}

/** Told once a day, so that a missing permission shows without filling the ledger. */
export function unreadRecord(
  context: SweepContext,
  { subscriptionId, error }: UnreadSubscription,
): AuditRecord {
  const target = `/subscriptions/${subscriptionId}`;
  return {
    ...recordOf(context),
    id: `${digest(`${target}|${error.code}`)}|failed|${dayOf(context.now)}`,
    kind: 'failed',
    target,
    reason: sanitize(`The subscription could not be swept. ${describeError(error)}`),
  };
}

/** Told once a day, too. */
export function graphRefusedRecord(context: SweepContext, error: ArmError): AuditRecord {
  return {
    ...recordOf(context),
    id: `graph|${error.code}|failed|${dayOf(context.now)}`,
    kind: 'failed',
    reason: sanitize(
      `Resource Graph refused the sweep, which reads the providers' lists instead. ${describeError(error)}`,
    ),
  };
}

function recordOf({ now, policy, traceId }: SweepContext): Omit<AuditRecord, 'id' | 'kind'> {
  return {
    version: 1,
    at: now.toISOString(),
    target: '',
    policyDigest: policy.digest,
    mode: policy.mode,
    traceId,
  };
}
