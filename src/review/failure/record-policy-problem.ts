import type { AuditLog } from '../../audit/audit-log';
import { sanitize } from '../../base/text';
import { dayOf, type Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { PolicyProblem } from '../../policy/policy';

/** A version of the policy that did not load. */
export interface BadPolicy {
  readonly digest: string;
  readonly problems: readonly PolicyProblem[];
}

/** The ports of `recordPolicyProblem`. */
export interface RecordPolicyProblemPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

const meanings = {
  suspended: 'No decisions are made: the policy did not load',
  refused: 'The previous policy stays in force: a newer version did not load',
  announced: 'Some announced requests are not expected: what was announced cannot be read',
} as const;

/**
 * Records a version of the policy, or announcements, that did not load, with the first problem, once a day while it
 * lasts. The id contains the day because the same digest can occur again: for a version that was
 * bad before, or for files that cannot be read, which all have one digest.
 * @throws PosternError LEDGER_UNAVAILABLE
 */
export async function recordPolicyProblem(
  { audit, clock, logger }: RecordPolicyProblemPorts,
  what: keyof typeof meanings,
  { digest: policyDigest, problems }: BadPolicy,
): Promise<void> {
  const [first] = problems;
  const place = `${first?.path}:${first?.line}:${first?.column} ${first?.message}`;
  const kind = what === 'announced' ? 'refused' : what;
  const reason = sanitize(`${meanings[what]} (${problems.length} problems): ${place}`);
  logger.error(reason);
  const at = clock.now().toISOString();
  const id = `${policyDigest}|${what}|${dayOf(at)}`;
  await audit.record([{ version: 1, id, kind, at, target: '', reason, policyDigest }]);
}
