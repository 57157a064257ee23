import { lower } from '../base/compare';
import { withoutNotes } from '../operations/description';
import type { Decision } from '../policy/decision';
import { withAnnouncement } from '../policy/expected/announced-facts';
import type { ConsumerFacts, Facts } from '../policy/facts/facts';
import type { Policy } from '../policy/policy';
import type { ReportVerdict, ReportVerdicts } from './row';

/** The parts of a policy that decide. */
export type DecidingPolicy = Pick<Policy, 'decide' | 'expected'>;

/**
 * Asks today's policy about a connection: what it does with it as it is, and what it would answer if the same
 * request came today. Pure.
 */
export function verdictsOf(policy: DecidingPolicy, facts: Facts, now: Date): ReportVerdicts {
  const verdict = (asked: Facts): ReportVerdict =>
    verdictFrom(policy.decide(withAnnouncement(asked, policy.expected, now), now));
  const request = asRequest(facts);
  return { now: verdict(facts), asRequest: request && verdict(request) };
}

function verdictFrom(decision: Decision | undefined): ReportVerdict {
  if (decision === undefined) return { effect: 'none', rules: [], reason: 'No rule applies to this status' };
  const { effect, rules, reason } = decision;
  return { effect, rules, reason };
}

/**
 * Returns the facts of the request that the connection once was: Pending, with the requester's words only, and
 * counted as such. Without an endpoint, or while Pending, there is no such request.
 */
function asRequest(facts: Facts): Facts | undefined {
  const { connection, endpoint, consumer } = facts;
  const status = lower(connection.status);
  if (endpoint === undefined || status === 'pending' || status === 'disconnected') return undefined;
  return {
    ...facts,
    connection: { ...connection, status: 'Pending', message: withoutNotes(connection.message) },
    consumer: consumer && countedAsPending(consumer, status),
  };
}

function countedAsPending(consumer: ConsumerFacts, status: string): ConsumerFacts {
  const without = status === 'approved' || status === 'rejected' ? { [status]: consumer[status] - 1 } : {};
  return { ...consumer, ...without, pending: consumer.pending + 1 };
}
